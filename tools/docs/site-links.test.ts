// SPDX-License-Identifier: GPL-2.0-only
import { deadLinks } from './site-links';

const site = (index: string): ReadonlyMap<string, string> =>
  new Map([
    ['index.html', index],
    ['functions/kfree.html', '<h1 id="kfree">kfree</h1><a href="../index.html">back</a>'],
    ['assets/icons.svg', '<svg><g id="icon-anchor"></g></svg>'],
    ['media/LICENSE', 'GPL'],
  ]);

it.each([
  '<a href="functions/kfree.html">',
  '<a href="functions/kfree.html#kfree">',
  '<p id="here"></p><a href="#here">',
  '<a href="media/LICENSE">',
  '<a href="https://kernel.org/">',
  '<use href="assets/icons.svg#icon-anchor">',
])('is content with %s', (page) => {
  expect(deadLinks(site(page))).toEqual([]);
});

it.each([
  ['<a href="functions/kmalloc.html">', 'functions/kmalloc.html: no such file'],
  ['<a href="functions/kfree.html#kmalloc">', 'functions/kfree.html#kmalloc: no such anchor'],
  ['<a href="#here">', '#here: no such anchor'],
  ['<a href="docs/">', 'docs/: no such file'],
  ['<a href="/index.html">', '/index.html: does not work from a sub-path'],
  ['<use href="assets/icons.svg#icon">', 'assets/icons.svg#icon: no such anchor'],
  ['<script src="https://cdn.example/x.js">', 'https://cdn.example/x.js: needs a network'],
  ['<link href="//cdn.example/x.css">', '//cdn.example/x.css: needs a network'],
  ['<img src="picture.png">', 'picture.png: no such file'],
])('finds %s', (page, dead) => {
  expect(deadLinks(site(page))).toEqual([`index.html: ${dead}`]);
});
