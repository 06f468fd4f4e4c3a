// SPDX-License-Identifier: GPL-2.0-only
/** Packs of a small tree: a module loaded from a pack is the same as from its file, under the file's name. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ts from 'typescript';

const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'kata-pack-')));
const packer = path.join(folder, 'dist', 'tools', 'pack', 'pack.js');
const write = (name: string, text: string): string => {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  return file;
};
const run = (script: string): string => {
  const { stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  return stdout + stderr;
};

beforeAll(() => {
  const source = fs.readFileSync(path.join(__dirname, 'pack.ts'), 'utf8');
  const module = ts.ModuleKind.CommonJS;
  write(
    path.relative(folder, packer),
    ts.transpileModule(source, { compilerOptions: { module, target: ts.ScriptTarget.ES2022 } })
      .outputText,
  );
  write('node_modules/thing/package.json', '{ "main": "lib/thing.js" }');
  write(
    'node_modules/thing/lib/thing.js',
    "exports.name = 'thing é'; exports.resolve = require.resolve('./thing');",
  );
  write('a.js', "exports.text = 'a 漢 ' + require('thing').name + require('./b').b;");
  write('b.js', "exports.b = 'b'; exports.where = new Error().stack.split('\\n')[1];");
  write(
    'show.js',
    `
    require(${JSON.stringify(packer)}).usePack('toy');
    const fs = require('fs');
    const read = fs.readFileSync;
    const files = [];
    fs.readFileSync = (file, ...rest) => (files.push(require('path').basename(String(file))), read(file, ...rest));
    const { text } = require('./a');
    console.log(JSON.stringify({ text, where: require('./b').where, read: files.filter((name) => /^(a|b|thing)\\.js$/.test(name)) }));`,
  );
  write(
    'record.js',
    `const write = require(${JSON.stringify(packer)}).record('toy'); require('./a'); write();`,
  );
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true });
});

interface Shown {
  readonly text: string;
  readonly where: string;
  readonly read: readonly string[];
}
const shown = (): Shown => JSON.parse(run(path.join(folder, 'show.js'))) as Shown; // show.js writes it

it('loads the same with a pack, without reading the files', () => {
  const plain = shown();
  expect(plain).toMatchObject({ text: 'a 漢 thing éb', read: ['a.js', 'thing.js', 'b.js'] });
  expect(plain.where).toContain(`${path.join(folder, 'b.js')}:1:34`);
  expect(run(path.join(folder, 'record.js'))).toBe('');
  expect(shown()).toEqual({ ...plain, read: [] });
});

it('reads a file that has changed since', () => {
  run(path.join(folder, 'record.js'));
  write('b.js', "exports.b = 'another'; exports.where = '';");
  expect(shown()).toEqual({ text: 'a 漢 thing éanother', where: '', read: ['b.js'] });
});

it('does not pack files that import later', () => {
  write('dist/later.js', "module.exports = () => import('node:path');");
  const later = path.join(folder, 'dist', 'later.js');
  const start = (part: string): string =>
    write(
      `${part}.js`,
      `const pack = require(${JSON.stringify(packer)}); const write = pack.${part === 'use' ? 'usePack' : 'record'}('later'); require(${JSON.stringify(later)})().then(({ sep }) => console.log(sep)); write?.();`,
    );
  expect([run(start('note')), run(start('use'))]).toEqual([`${path.sep}\n`, `${path.sep}\n`]);
});

it('ignores a pack that is damaged or from another Node', () => {
  const pack = path.join(folder, 'dist', '.packs', 'toy.pack');
  run(path.join(folder, 'record.js'));
  const bytes = fs.readFileSync(pack);
  const other = Buffer.from(bytes.toString('latin1').replace(process.version, 'v1.00.0'), 'latin1');
  for (const damaged of [Buffer.alloc(0), bytes.subarray(0, 100), other]) {
    fs.writeFileSync(pack, damaged);
    expect(shown()).toMatchObject({ text: 'a 漢 thing éanother' });
  }
});
