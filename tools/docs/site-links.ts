// SPDX-License-Identifier: GPL-2.0-only
/** Follows the links of a built site, and finds those that lead nowhere or would not work from a sub-path or without a network. */
import fs from 'node:fs';
import path from 'node:path';
import { type HTMLElement, parse } from 'node-html-parser';

/** The files of a site by their path in it. */
export type Site = ReadonlyMap<string, string>;

export function readSite(folder: string): Site {
  const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Map(
    files
      .filter((file) => fs.statSync(path.join(folder, file)).isFile())
      .sort()
      .map((file) => [
        file.split(path.sep).join('/'),
        fs.readFileSync(path.join(folder, file), 'utf8'),
      ]),
  );
}

/** Attributes that name another file. Only an `a` may lead out of the site; the page needs everything else. */
const LINKS: readonly [selector: string, attribute: string][] = [
  ['a', 'href'],
  ['link', 'href'],
  ['use', 'href'],
  ['script', 'src'],
  ['img', 'src'],
];

/** One line for every broken link: `page: link: why`. */
export function deadLinks(site: Site): string[] {
  const anchors = new Map<string, ReadonlySet<string>>();
  const pages = new Map<string, HTMLElement>();
  for (const [file, text] of site) {
    if (!/\.(html|svg)$/.test(file)) continue;
    const page = parse(text);
    anchors.set(file, new Set(page.querySelectorAll('[id]').map((element) => element.id)));
    if (file.endsWith('.html')) pages.set(file, page);
  }
  return [...pages].flatMap(([file, page]) =>
    LINKS.flatMap(([selector, attribute]) =>
      page.querySelectorAll(`${selector}[${attribute}]`).flatMap((element) => {
        const link = element.getAttribute(attribute) ?? '';
        const why = fault({ site, anchors, file, link, leave: selector === 'a' });
        return why === null ? [] : [`${file}: ${link}: ${why}`];
      }),
    ),
  );
}

interface Link {
  readonly site: Site;
  readonly anchors: ReadonlyMap<string, ReadonlySet<string>>;
  readonly file: string;
  readonly link: string;
  /** Whether it may lead out of the site. */
  readonly leave: boolean;
}

function fault({ site, anchors, file, link, leave }: Link): string | null {
  if (/^(https?:)?\/\//.test(link)) return leave ? null : 'needs a network';
  if (link.startsWith('data:')) return null;
  if (link.startsWith('/')) return 'does not work from a sub-path';
  const [name = '', anchor = ''] = link.split('#').map(decodeURIComponent);
  const target = name === '' ? file : path.posix.join(path.posix.dirname(file), name);
  if (!site.has(target)) return 'no such file';
  if (anchor !== '' && anchors.get(target)?.has(anchor) === false) return 'no such anchor';
  return null;
}
