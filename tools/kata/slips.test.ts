// SPDX-License-Identifier: GPL-2.0-only
/**
 * The answers to a C programmer who slips: one line that is wrong, in a driver that is right, and every sentence that results
 * from it. The table is fixtures/slips.txt; read it as a whole.
 */
import fs from 'node:fs';
import path from 'node:path';
import { insteadOf } from '../../lib/driver/c-names';
import * as driverLib from '../../lib/driver-lib';
import { linkSource } from '../../lib/kata/linking';
import { repositoryRoot } from './katas';
import { formatTypeProblem } from './type-problem';
import { driverTypes } from './type-problems';

const HEAD = `import {
  atomic_inc_return, atomic_t, DEFINE_SPINLOCK, GFP_KERNEL, int, kfree, kzalloc, LIST_HEAD, list_head, type Op, ptr, READ_ONCE,
  spin_lock, spin_unlock, static_var, struct, type StructOf, wait_event, wait_queue_head_t,
} from '#lib';
export const file = struct('file', { pos: int });
export interface file extends StructOf<typeof file> {}
export const device = struct('device', {
  open: int, users: atomic_t, owner: ptr<file>(), queue: wait_queue_head_t, node: list_head,
});
export interface device extends StructOf<typeof device> {}
const lock = DEFINE_SPINLOCK('lock');
const devices = LIST_HEAD('devices');
const opened = static_var('opened', 0);
`;

/** A driver with a line at its file scope, or in its function. */
const DRIVERS: Readonly<Record<string, (line: string) => string>> = {
  'in a function': (line) => `${HEAD}export function* device_get(dev: device): Op<number> {
  yield* spin_lock(lock);
  ${line}
  yield* spin_unlock(lock);
  return 0;
}
`,
  'at file scope': (line) => `${HEAD}${line}
export function* device_get(dev: device): Op<number> {
  yield* spin_lock(lock);
  yield* spin_unlock(lock);
  return 0;
}
`,
};

interface Slip {
  readonly where: string;
  readonly line: string;
  readonly sentences: string[];
}

/** Lines, each with the answers to it indented below it. */
function slips(): Slip[] {
  const all: Slip[] = [];
  let where = '';
  const text = fs.readFileSync(path.join(__dirname, 'fixtures', 'slips.txt'), 'utf8');
  for (const line of text.trimEnd().split('\n')) {
    if (line.startsWith('== ')) where = line.slice(3);
    else if (line.startsWith('    ')) all.at(-1)?.sentences.push(line.trim());
    else if (line !== '') all.push({ where, line, sentences: [] });
  }
  return all;
}

const types = driverTypes(repositoryRoot());
const libExports = Object.keys(driverLib);

/** The answers to a driver, with lines counted from the slip's own. */
function told(text: string, own: number): string[] {
  const linked = linkSource(text, 'd.ts', { exports: ['device_get'] }, libExports);
  const typed = (): string[] =>
    [...types.problems(new Map([['d.ts', text]])).values()]
      .flat()
      .map((problem) => formatTypeProblem('d.ts', problem));
  const all = linked.ok ? typed() : linked.problems;
  return all.map((sentence) =>
    sentence.replace(/^d\.ts:(\d+)/, (_, line) => `line ${Number(line) - own + 1}`),
  );
}

it('has more than a hundred of them', () => {
  expect(slips().length).toBeGreaterThan(100);
});

it('replaces no name that the library has', () => {
  expect(libExports.filter((name) => insteadOf(name) !== null)).toEqual([]);
});

it.each(slips())('$where: $line', ({ where, line, sentences }) => {
  const driver = DRIVERS[where] ?? String;
  const [before = ''] = driver('@').split('@');
  expect(told(driver(line), before.split('\n').length)).toEqual(sentences);
});

it("says it in sentences of the project's own, and one for each name at most", () => {
  for (const { line, sentences } of slips()) {
    expect(sentences).not.toEqual([]);
    expect(sentences.join()).not.toMatch(
      /syntax error|unexpected token|Expected \d|Cannot find|unintentional/i,
    );
    const unknown = sentences.filter((sentence) => sentence.includes('is not defined'));
    expect([line, sentences.length > 1 ? unknown : sentences]).toEqual([line, sentences]);
  }
});
