// SPDX-License-Identifier: GPL-2.0-only
/** The autograder for Gradescope: what is in it, and that it grades where there is no network. */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Ajv from 'ajv';
import { type Entry, fromBufferPromise } from 'yauzl';
import { repositoryRoot } from '../../kata/katas';
import { PLAIN } from '../../kata/print/style';
import type { Shell } from '../../kata/shell';
import type { GradescopeResults } from '../emit/gradescope';
import { makeGradescopeZip } from './make';
import { runScript, SETUP } from './scripts';

const root = repositoryRoot();
let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-gradescope-'));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

async function made(name: string): Promise<Buffer> {
  const silent = (): void => undefined;
  const shell = {
    root,
    cwd: folder,
    tool: 'kata 0',
    style: PLAIN,
    write: silent,
    complain: silent,
  } as Shell;
  await makeGradescopeZip(shell, { makeGradescopeZip: name, kata: ['0'], types: false });
  return fs.readFileSync(path.join(folder, name));
}

interface Packed {
  readonly name: string;
  readonly mode: number;
  readonly bytes: Buffer;
}

async function unpacked(zip: Buffer): Promise<Packed[]> {
  const file = await fromBufferPromise(zip, { lazyEntries: true, autoClose: false });
  const entries: Entry[] = [];
  await new Promise((resolve) => {
    file.once('end', resolve).on('entry', (entry: Entry) => {
      entries.push(entry);
      file.readEntry();
    });
    file.readEntry();
  });
  return Promise.all(
    entries.map(async (entry) => {
      const chunks: Buffer[] = [];
      for await (const chunk of await file.openReadStreamPromise(entry))
        chunks.push(chunk as Buffer);
      const mode = (entry.externalFileAttributes >>> 16) & 0o777;
      return { name: entry.fileName, mode, bytes: Buffer.concat(chunks) };
    }),
  );
}

it('holds the two scripts and the tool, and nothing that answers', async () => {
  const zip = await made('a.zip');
  const entries = await unpacked(zip);
  const names = entries.map(({ name }) => name);
  expect(entries.filter(({ mode }) => mode === 0o755).map(({ name }) => name)).toEqual([
    ...['setup.sh', 'run_autograder', 'bin/kata.js'],
  ]);
  expect(names).toEqual(
    expect.arrayContaining([
      'package.json',
      'katas/00-lost-update/scenarios.ts',
      'tools/house/build.js',
    ]),
  );
  expect(
    names.filter((name) => /^(solutions|dist|node_modules|docs|\.)|\.test\.ts$/.test(name)),
  ).toEqual([]);
  expect(await made('b.zip')).toEqual(zip);
});

it('has scripts that a shell reads', () => {
  for (const script of [SETUP, runScript(['--kata', "o'clock"])]) {
    expect(spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
  }
  const printed = runScript(["o'clock $HOME"])
    .replace(/^ +node .*json" (.*) 2>&1$/m, 'printf %s $1')
    .replace('cd "$base/source" || exit 1', '')
    .replace('mkdir -p "$base/results"', '');
  expect(execFileSync('bash', { input: printed, encoding: 'utf8' })).toBe("o'clock $HOME");
});

it.each([
  ['0', '0', 1],
  ['2', '2', 1],
  ['3', '3', 2],
])('runs the grader that ends with %s, ends with %s, after %i attempts', (code, ends, attempts) => {
  const home = fs.mkdtempSync(path.join(folder, 'home-'));
  fs.mkdirSync(path.join(home, 'source'));
  fs.mkdirSync(path.join(home, 'bin'));
  fs.writeFileSync(
    path.join(home, 'bin/node'),
    `#!/bin/sh\necho why >&2\necho run >> "${home}/runs"\nexit ${code}\n`,
    { mode: 0o755 },
  );
  const run = spawnSync('bash', {
    input: runScript([]),
    env: { PATH: `${home}/bin:${process.env['PATH'] ?? ''}`, AUTOGRADER: home },
    encoding: 'utf8',
  });
  expect(run.status).toBe(Number(ends));
  expect(run.stdout).toBe('why\n'.repeat(attempts));
  expect(fs.readFileSync(path.join(home, 'runs'), 'utf8')).toBe('run\n'.repeat(attempts));
});

it('grades a submission without a network, and writes what Gradescope reads', async () => {
  const source = path.join(folder, 'source');
  for (const { name, mode, bytes } of await unpacked(await made('a.zip'))) {
    fs.mkdirSync(path.dirname(path.join(source, name)), { recursive: true });
    fs.writeFileSync(path.join(source, name), bytes, { mode });
  }
  // As setup.sh leaves it: with the dependencies, and built.
  for (const name of runtimeDependencies()) {
    fs.cpSync(path.join(root, 'node_modules', name), path.join(source, 'node_modules', name), {
      recursive: true,
    });
  }
  execFileSync(process.execPath, [path.join(root, 'bin/kata.js'), 'list', '--no-run']); // builds dist/
  fs.cpSync(path.join(root, 'dist'), path.join(source, 'dist'), { recursive: true });
  fs.mkdirSync(path.join(folder, 'submission'));
  fs.copyFileSync(
    path.join(root, 'solutions/00-lost-update/tally.ts'),
    path.join(folder, 'submission/tally.ts'),
  );

  const [command, ...args] = [...withoutNetwork(), 'bash', path.join(source, 'run_autograder')];
  const run = spawnSync(command, args, {
    env: { PATH: process.env['PATH'], AUTOGRADER: folder },
    encoding: 'utf8',
  });

  expect(run).toMatchObject({ status: 0, stdout: '' });
  const results = JSON.parse(
    fs.readFileSync(path.join(folder, 'results/results.json'), 'utf8'),
  ) as GradescopeResults;
  const schema = JSON.parse(
    fs.readFileSync(path.join(__dirname, '../emit/schemas/gradescope.schema.json'), 'utf8'),
  ) as object;
  expect(new Ajv({ strictRequired: false, allowUnionTypes: true }).validate(schema, results)).toBe(
    true,
  );
  expect(results).toMatchObject({ score: 100, output: '00-lost-update: 100 of 100' });
}, 600_000);

/** What package.json lists, and what that needs. */
function runtimeDependencies(): string[] {
  const found = new Set<string>();
  const add = (name: string): void => {
    const file = path.join(root, 'node_modules', name, 'package.json');
    if (found.has(name) || !fs.existsSync(file)) return;
    found.add(name);
    const { dependencies = {} } = JSON.parse(fs.readFileSync(file, 'utf8')) as Manifest;
    Object.keys(dependencies).forEach(add);
  };
  const { dependencies } = JSON.parse(
    fs.readFileSync(path.join(root, 'package.json'), 'utf8'),
  ) as Manifest;
  Object.keys(dependencies ?? {}).forEach(add);
  return [...found];
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** A command that runs another in a world without a network, where this machine lets us. */
function withoutNetwork(): string[] {
  const unshare = ['unshare', '--user', '--map-root-user', '--net'];
  return spawnSync('unshare', [...unshare.slice(1), 'true']).status === 0 ? unshare : [];
}
