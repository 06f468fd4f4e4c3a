// SPDX-License-Identifier: GPL-2.0-only
/** Ways to start kata without npm. */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

const root = path.join(__dirname, '..', '..');
const { link } = createRequire(__filename)('./link.js') as {
  link: (root: string, platform: string) => void;
};
const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-link-'));
const bin = path.join(copy, 'node_modules', '.bin');
fs.mkdirSync(path.join(copy, 'bin'));
fs.writeFileSync(
  path.join(copy, 'bin', 'kata.js'),
  '#!/usr/bin/env node\nconsole.log(process.argv.slice(2).join("|"));\n',
  { mode: 0o755 },
);
fs.copyFileSync(path.join(root, 'kata'), path.join(copy, 'kata'));
afterAll(() => {
  fs.rmSync(copy, { recursive: true });
});

const onUnix = process.platform === 'win32' ? it.skip : it;

onUnix('puts a link where npx looks, even twice', () => {
  link(copy, 'linux');
  link(copy, 'linux');
  expect(fs.lstatSync(path.join(bin, 'kata')).isSymbolicLink()).toBe(true);
  expect(fs.existsSync(path.join(bin, 'kata.cmd'))).toBe(false);
  const output = execFileSync(path.join(bin, 'kata'), ['test', 'a b'], { encoding: 'utf8' });
  expect(output).toBe('test|a b\n');
});

onUnix('writes a command and a script on Windows', () => {
  link(copy, 'win32');
  expect(fs.readFileSync(path.join(bin, 'kata.cmd'), 'utf8')).toContain('bin\\kata.js" %*\r\n');
  const output = execFileSync('sh', [path.join(bin, 'kata'), 'test', 'a b'], { encoding: 'utf8' });
  expect(output).toBe('test|a b\n');
});

it('starts by ./kata from any folder', () => {
  const run = spawnSync(process.execPath, [path.join(copy, 'kata'), 'list'], {
    cwd: os.tmpdir(),
    encoding: 'utf8',
  });
  expect(run).toMatchObject({ stdout: 'list\n', stderr: '', status: 0 });
});
