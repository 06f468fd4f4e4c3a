// SPDX-License-Identifier: GPL-2.0-only
/** What a version tells apart: results that share one are used for one another, by the cache, --resume and merge. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repositoryRoot } from '../kata/katas';
import { openGrader } from './index';
import { build } from './testing/built';
import type { GraderOptions } from './types';
import { engineDigest, typesDigest } from './version';

const root = repositoryRoot();
beforeAll(() => build(root));

async function versionWith(more: Partial<GraderOptions>): Promise<string> {
  const grader = openGrader({ root, tool: 'kata 0', ...more });
  const version = grader.version('00-lost-update');
  await grader.close();
  return version;
}

it('is another one with other bounds, and with types unchecked', async () => {
  const plain = await versionWith({});
  expect(await versionWith({ types: true })).toBe(plain);
  const others = [
    await versionWith({ types: false }),
    await versionWith({ limits: { executionsMax: 1 } }),
  ];
  expect(new Set([plain, ...others]).size).toBe(3);
});

it('is another one when the world that a kata shares with others changes', () => {
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-version-'));
  const write = (name: string, text: string): void => {
    fs.mkdirSync(path.dirname(path.join(copy, name)), { recursive: true });
    fs.writeFileSync(path.join(copy, name), text);
  };
  try {
    for (const name of ['ses', 'acorn', '@babel/parser', 'magic-string', 'typescript'])
      write(`node_modules/${name}/package.json`, '{"version":"1.0.0"}');
    for (const top of ['lib', 'tools/grade', 'tools/kata']) write(`dist/${top}/index.js`, '');
    write('dist/katas/worlds/rbd.js', 'one');
    const before = engineDigest(copy);
    expect(engineDigest(copy)).toBe(before);
    write('dist/katas/worlds/rbd.js', 'two');
    expect(engineDigest(copy)).not.toBe(before);
  } finally {
    fs.rmSync(copy, { recursive: true });
  }
});

it('is another one for types when a declaration changes, and the same when a test does', () => {
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-version-'));
  const write = (name: string, text: string): void => {
    fs.writeFileSync(path.join(copy, name), text);
  };
  try {
    fs.mkdirSync(path.join(copy, 'lib'));
    for (const name of ['package.json', 'tsconfig.json']) write(name, '{}');
    write('lib/bits.ts', 'export type Bits = number;');
    const before = typesDigest(copy);
    write('lib/bits.test.ts', '');
    expect(typesDigest(copy)).toBe(before);
    write('lib/bits.ts', 'export type Bits = bigint;');
    expect(typesDigest(copy)).not.toBe(before);
  } finally {
    fs.rmSync(copy, { recursive: true });
  }
});
