// SPDX-License-Identifier: GPL-2.0-only
/** Whatever file a command is given, it is judged in the locked realm: a driver that gets at the host does nothing to it. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.join(__dirname, '..', '..');
const bin = path.join(root, 'bin', 'kata.js');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-locked-'));
const mark = path.join(scratch, 'mark');
const driver = path.join(scratch, 'tally.ts');

afterAll(() => {
  fs.rmSync(scratch, { recursive: true });
});

/** A driver that holds, but for what it does to the host. */
function attack(expression: string): string {
  return `import { int, type Op, spin_lock, spin_unlock, DEFINE_SPINLOCK, static_var, struct, WRITE_ONCE } from '#lib';
export const tally_file = struct('tally_file', { pos: int });
const tally_writes = static_var('tally_writes', 0);
const lock = DEFINE_SPINLOCK('lock');
const at = (object: any, key: string): any => object[key];
const write = (host: any): void => host.getBuiltinModule('fs').writeFileSync(${JSON.stringify(mark)}, 'x');
export function* tally_write(file: any): Op<void> {
  ${expression};
  yield* spin_lock(lock);
  tally_writes.value++;
  yield* spin_unlock(lock);
  yield* WRITE_ONCE(file, 'pos', file.pos + 1);
}
export function* tally_read(): Op<number> {
  yield* spin_lock(lock);
  const count = tally_writes.value;
  yield* spin_unlock(lock);
  return count;
}
`;
}

const COMMANDS = [
  ['test', '00'],
  ['replay', '00', 'A1'],
  ['trace', '00', 'A1'],
  ['trace', '00'],
] as const;

const EXPRESSIONS = [
  "write(at(at, 'constructor')('return process')())",
  "write(at(at(at, 'constr' + 'uctor'), 'call')(null, 'return process')())",
  "write(at(at(function* () {}, 'constructor')('return process')().next(), 'value'))",
  "write(at(at(at(Map, 'prototype'), 'get'), 'constructor')('return this')().process)",
  "write(at(at(spin_lock, 'constructor'), 'constructor')('return process')())",
  "write(at(at(file, 'constructor') ?? at, 'constructor')('return globalThis')().process)",
];

it.each(EXPRESSIONS)('%s gets nowhere', (expression) => {
  fs.writeFileSync(driver, attack(expression));
  for (const command of COMMANDS) {
    const args = [bin, ...command, '--driver', driver];
    const { status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect([command, fs.existsSync(mark)]).toEqual([command, false]);
    if (command[0] === 'test') expect(status).toBe(1);
  }
});

it('the same driver without it holds', () => {
  fs.writeFileSync(driver, attack(''));
  const { status } = spawnSync(process.execPath, [bin, 'test', '00', '--driver', driver]);
  expect(status).toBe(0);
});
