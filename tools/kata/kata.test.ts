// SPDX-License-Identifier: GPL-2.0-only
/**
 * The command from the outside: `node bin/kata.js ...` on drivers that are wrong in every way a file can be wrong. Only files
 * of ours are judged, never the learner's, so that this stays green whatever has been solved.
 */
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { kataAt } from './katas';

const root = path.join(__dirname, '..', '..');
const bin = path.join(root, 'bin', 'kata.js');
const drivers = path.join(__dirname, 'fixtures', 'drivers');
const scenarios = Object.keys(kataAt(root, '00-lost-update').manifest.scenarios);
const count = scenarios.length;
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-e2e-'));

beforeAll(() => {
  // Builds dist/ where that is needed, so that no run below says so.
  spawnSync(process.execPath, [bin, '--version'], { cwd: root });
  fs.writeFileSync(path.join(scratch, 'binary.ts'), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1]));
  fs.writeFileSync(path.join(scratch, 'empty.ts'), '\n');
});
afterAll(() => {
  fs.rmSync(scratch, { recursive: true });
});

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function kata(...args: readonly string[]): Ran {
  const done = spawnSync(process.execPath, [bin, ...args], { cwd: drivers, encoding: 'utf8' });
  // Somebody may be writing to the sources while this runs.
  const stderr = done.stderr.replace(/^building the tools .*\n/, '');
  return { code: done.status, stdout: done.stdout, stderr };
}

it.each([
  ['syntax-error.ts', "11:33: a ')' is missing before this ';' (syntax)"],
  [
    'half-saved.ts',
    "9:58: this '{' is never closed, and the file ends too early; write '}' where it belongs (syntax)",
  ],
  [
    'hidden-state.ts',
    "8:1: 'let' at file scope is state the machine cannot see; write const writes = static_var('writes', value) (hidden-state)",
  ],
  ['missing-export.ts', '1:1: does not export tally_read, which the scenarios call'],
  [path.join(scratch, 'empty.ts'), '1:1: this file is empty'],
  [
    path.join(scratch, 'binary.ts'),
    '1:1: the file contains the character U+007F, which does not belong in source text; delete it (text)',
  ],
])('says in one line why a driver cannot be run: %s', (file, line) => {
  const { code, stdout, stderr } = kata('test', '00', '--driver', file);
  const [, name, , told, , edit] = stdout.split('\n');
  expect({ code, stderr, name, told, edit }).toEqual({
    code: 1,
    stderr: '',
    name: file,
    told: `${file}:${line}`,
    edit: `Edit    ${file}`,
  });
});

it.each([
  ['throws.ts', 'throws.ts:10: uncaught Error: no space left on device'],
  ['endless-loop.ts', 'watchdog: BUG: soft lockup - CPU#1 stuck in tally_write! [write/a:101]'],
  ['lost.ts', /^BUG: KCSAN: data-race|^EXPECTATION FAILED: /],
])('a driver that fails gets a report, and the replay command repeats it: %s', (file, headline) => {
  const judged = kata('test', '00', '--driver', file, '--scenario', 'two-writes', '--no-types');
  expect(judged).toMatchObject({ code: 1, stderr: '' });
  const schedule = /^replay it: npx kata replay 00 '(.*)' --driver (.*)$/m.exec(judged.stdout);
  expect(schedule?.[2]).toBe(file);
  const replayed = kata('replay', '00', schedule?.[1] ?? '', '--driver', file);
  expect(replayed).toMatchObject({ code: 1, stderr: '' });
  expect(replayed.stdout.split('\n', 1)[0]).toMatch(headline);
  expect(judged.stdout).toContain(`\n\n${replayed.stdout}\n`);
  expect(replayed.stdout).toMatch(/ scenarios\.ts:\d+$/m);
  expect(replayed.stdout).not.toMatch(/node:|\/(?:lib|dist)\//);
});

it.each(['B1', 'A1 B2', 'A1 B1 B1 A1'])(
  'any schedule that fails gets a report with its lines: %s',
  (schedule) => {
    const { code, stdout } = kata('replay', '00', schedule, '--driver', 'lost.ts');
    expect(code).toBe(1);
    expect(stdout).toContain('tally_write() (scenarios.ts:');
    expect(stdout).not.toContain('the program');
  },
);

it('a driver with a type error fails although every scenario holds', () => {
  const { code, stdout } = kata('test', '00', '--driver', 'type-error.ts');
  expect(code).toBe(1);
  expect(stdout).toContain(
    '\n\ntype-error.ts:10:9: a text is wanted here, and this is a number (TS2322)\n\n',
  );
  expect(stdout).toContain(
    `${count} of ${count} scenarios hold; a driver with 1 type error earns no points.`,
  );
});

it('a right driver holds, twice in the same words', () => {
  const first = kata('test', '00', '--driver', 'good.ts');
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toMatch(
    new RegExp(
      `\nThe driver holds in all \\d+ interleavings of ${count} scenarios, exploration complete\\.\n$`,
    ),
  );
  expect(kata('test', '00', '--driver', 'good.ts')).toEqual(first);
});

it('writes one document and nothing else', () => {
  const { code, stdout, stderr } = kata('test', 'lost-update', '--json', '--driver', 'good.ts');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({
    schema: 'kata-report/v1',
    kata: '00-lost-update',
    driver: 'good.ts',
    status: 'pass',
    tier: 'local',
  });
});

it.each([
  [
    ['A9', '--driver', 'good.ts'],
    'the schedule does not fit this program any more: step 3 wants A, but A has ended',
  ],
  [
    ['A1', '--driver', 'good.ts', '--scenario', 'x'],
    `there is no scenario 'x'; this kata has ${scenarios.join(', ')}`,
  ],
])('a replay that cannot be is refused in one sentence: %j', (args, sentence) => {
  expect(kata('replay', '00', ...args)).toEqual({
    code: 2,
    stdout: '',
    stderr: `kata: ${sentence}\n`,
  });
});

it('replays what passes without a fuss', () => {
  expect(kata('replay', '00', 'A2  B2', '--driver', 'good.ts')).toEqual({
    code: 0,
    stdout: 'Nothing is found in this interleaving: A2 B2\n',
    stderr: '',
  });
});

/** The judging process of a running command; 0 until there is one. Linux only. */
function judgeOf(pid: number): number {
  return Number(fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'));
}

(process.platform === 'linux' ? it : it.skip)(
  'ends with 130 on Ctrl-C and takes the judging process with it',
  async () => {
    const child = spawn(process.execPath, [bin, 'test', '00', '--driver', 'good.ts'], {
      cwd: drivers,
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const pid = child.pid ?? 0;
    let judge = 0;
    while (judge === 0) {
      judge = judgeOf(pid);
      await new Promise((resolve) => setImmediate(resolve));
    }
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    // Gone, or a zombie that nobody has collected yet.
    const status = `/proc/${judge}/status`;
    expect(fs.existsSync(status) ? fs.readFileSync(status, 'utf8') : 'State:\tZ').toMatch(
      /^State:\t[ZX]/m,
    );
  },
);

it('minimises a failure of tasks that keep books in their world', () => {
  const driver = path.join(root, 'solutions', '08-dm-freeing', 'wrong', 'pointer-only.patch');
  const { stdout } = kata('test', '08', '--driver', driver, '--scenario', 'open-in-put');
  expect(stdout).toContain('2 preemptions; no schedule with fewer than 2 fails this way');
  expect(stdout).toContain("'B1 A13 B19'");
});

/** What a shell makes of a command: the exit code of `kata` itself, and what is on stderr. */
function shell(line: string): Ran {
  const run = line.replace('kata', `'${process.execPath}' '${bin}'`);
  const done = spawnSync('bash', ['-c', `${run}; exit \${PIPESTATUS[0]}`], {
    cwd: drivers,
    encoding: 'utf8',
  });
  return { code: done.status, stdout: done.stdout, stderr: done.stderr };
}

(process.platform === 'linux' ? it : it.skip).each([
  ['kata test 00 --driver throws.ts --no-types | true', 1, ''],
  ['kata test 99 2>&1 | true', 2, ''],
  ['kata list --no-run | head -1 >/dev/null', 0, ''],
  ['kata list --no-run >/dev/full', 3, 'kata: the output cannot be written: no space left\n'],
  [
    'kata replay 00 A2 --driver good.ts >/dev/full',
    3,
    'kata: the output cannot be written: no space left\n',
  ],
  ['kata test 99 2>/dev/full', 3, ''],
])('the verdict does not depend on who reads it: %s', (line, code, stderr) => {
  expect(shell(line)).toEqual({ code, stdout: '', stderr });
});

it('says where it cannot build, and what to do', () => {
  const copy = path.join(scratch, 'copy');
  const house = path.join(copy, 'tools', 'house');
  fs.mkdirSync(path.join(copy, 'bin'), { recursive: true });
  fs.mkdirSync(house, { recursive: true });
  fs.copyFileSync(bin, path.join(copy, 'bin', 'kata.js'));
  fs.symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
  const draft = path.join(copy, 'dist', '.built.json');
  const refuses = `{ throw Object.assign(new Error(), { code: 'EACCES', path: ${JSON.stringify(draft)} }); }`;
  fs.writeFileSync(
    path.join(house, 'build.js'),
    `module.exports = { isFresh: () => false, build() ${refuses} };`,
  );
  const done = spawnSync(process.execPath, [path.join(copy, 'bin', 'kata.js')], {
    encoding: 'utf8',
  });
  expect({ code: done.status, told: done.stderr.split('\n')[1] }).toEqual({
    code: 3,
    told: `kata: the tools do not build: ${path.join(copy, 'dist')} cannot be written (permission denied); run npm run build where it can be`,
  });
});
