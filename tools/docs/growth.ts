// SPDX-License-Identifier: GPL-2.0-only
/** The programs that docs/exploring.md teaches with, and its table of growing cost. Tests run all of it. */
import { dfs, dpor } from '../../lib/explore';
import { programOf, readers } from '../../lib/explore/testing/paper';
import * as k from '../../lib/kernel';
import { Machine, type Op, type Program } from '../../lib/machine';
import { table } from './table';

/** A family of programs: its text, the number of interleavings of its Nth program, and the N of the table. */
export interface Family {
  readonly name: string;
  readonly program: (n: number) => Program;
  readonly interleavings: (n: number) => bigint;
  readonly sizes: readonly number[];
  /** Up to this N plain depth-first search checks the formula. */
  readonly countedMax: number;
}

const SIZES = [2, 3, 4, 6, 8, 10] as const;
const TASKS_MAX = 10;

// Statics must exist before a machine is made.
const own = Array.from({ length: TASKS_MAX }, (_, i) => k.DEFINE_ATOMIC(`own[${i}]`, 0));
const lock = k.DEFINE_SPINLOCK('lock');
const shared = k.DEFINE_ATOMIC('shared', 0);

/** N tasks that share nothing, three steps each. */
function apart(n: number): Program {
  return programOf(
    own.slice(0, n).map((variable) => {
      return function* (): Op<void> {
        for (let i = 0; i < 3; i++) yield* k.atomic_set(variable, i);
      };
    }),
  );
}

/** N tasks that do everything under one lock. */
function locked(n: number): Program {
  return programOf(
    own.slice(0, n).map(() => {
      return function* (): Op<void> {
        yield* k.spin_lock(lock);
        yield* k.atomic_set(shared, (yield* k.atomic_read(shared)) + 1);
        yield* k.spin_unlock(lock);
      };
    }),
  );
}

/** The columns of the table, from the best to the worst reduction. */
export const FAMILIES: readonly Family[] = [
  {
    name: 'nothing shared',
    program: apart,
    interleavings: (n) => factorial(3 * n) / 6n ** BigInt(n),
    sizes: SIZES,
    countedMax: 3,
  },
  {
    name: 'one writer, N readers',
    program: readers,
    interleavings: (n) => factorial(n + 1),
    sizes: SIZES,
    countedMax: 6,
  },
  {
    name: 'one lock',
    program: locked,
    interleavings: factorial,
    sizes: [2, 3, 4, 6],
    countedMax: 6,
  },
];

function factorial(n: number): bigint {
  let product = 1n;
  for (let i = 2n; i <= BigInt(n); i++) product *= i;
  return product;
}

/** How many traces dpor runs; throws unless each execution was a trace. */
function traces(program: Program): number {
  const { executions, complete, surplus, blocked } = dpor(new Machine(program), () => false);
  if (!complete || surplus + blocked > 0) throw new Error('growth: not one execution per trace');
  return executions;
}

/** The number of interleavings, without any reduction. */
export function interleavings(program: Program): number {
  return dfs(new Machine(program), () => false).executions;
}

/** The table of docs/exploring.md. */
export function growthTable(): string {
  const heads = FAMILIES.flatMap(({ name }) => [`${name}: interleavings`, 'traces']);
  const rows = SIZES.map((n) => [String(n), ...FAMILIES.flatMap((family) => cells(family, n))]);
  return table([['N', ...heads], ...rows], 'right');
}

function cells({ program, interleavings: count, sizes }: Family, n: number): string[] {
  return [spaced(count(n)), sizes.includes(n) ? spaced(BigInt(traces(program(n)))) : 'not run'];
}

/** A number in groups of three digits, or its order of magnitude. */
function spaced(value: bigint): string {
  const digits = String(value);
  if (digits.length > 9) return `about 10^${digits.length - 1}`;
  return digits.replace(/\B(?=(\d{3})+$)/g, ' ');
}
