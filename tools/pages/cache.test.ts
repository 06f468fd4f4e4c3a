// SPDX-License-Identifier: GPL-2.0-only
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { kept } from './cache';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-cache-'));
afterAll(() => fs.rmSync(root, { recursive: true }));

let made = 0;

/** What is kept under a digest. */
function keep(digest: string, name = 'site'): Promise<string> {
  return kept(root, name, digest, (folder) => {
    fs.writeFileSync(path.join(folder, 'index.html'), String(++made));
    return Promise.resolve();
  });
}

/** As if nobody had asked for it since yesterday. */
function age(folder: string): void {
  const yesterday = new Date(Date.now() - 86_400_000);
  fs.utimesSync(folder, yesterday, yesterday);
}

it('makes a folder once for each digest', async () => {
  const first = await keep('a');
  expect(await keep('a')).toBe(first);
  expect(fs.readFileSync(path.join(first, 'index.html'), 'utf8')).toBe('1');
});

it('leaves a folder to a server, while somebody makes the next', async () => {
  const served = await keep('served');
  await keep('newer');
  expect(fs.existsSync(served)).toBe(true);
});

it('removes what nobody has asked for in hours, and nothing of another name', async () => {
  const [old, used, other] = [await keep('old'), await keep('used'), await keep('x', 'other')];
  const draft = fs.mkdtempSync(path.join(path.dirname(old), 'draft-site-'));
  for (const folder of [old, used, other, draft]) age(folder);
  await keep('used');
  await keep('newest');
  expect([old, used, other, draft].map((folder) => fs.existsSync(folder))).toEqual([
    ...[false, true, true, false],
  ]);
});
