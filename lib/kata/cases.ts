// SPDX-License-Identifier: GPL-2.0-only
/**
 * Wrong-input cases: one call of a driver's function with given arguments, and the value it must return. A case is data,
 * where a scenario is code.
 */
import { GFP_KERNEL } from '../kernel';
import * as errors from '../kernel/err';
import { kzalloc } from '../kernel/slab';
import type { Op, StructType } from '../machine';
import { expect_eq, expect_no_locks } from '../scenario/expect';
import { isOp } from './given';
import { type Scenario, scenario } from '../scenario/scenario';

/** A value in JSON, or a new zeroed structure of a type the driver exports. */
export type CaseArgument = number | string | boolean | null | { readonly new: string };

/** One call. */
export interface Case {
  readonly id: string;
  /** One sentence that says what must hold. */
  readonly title: string;
  readonly task: number;
  /** The export of the driver to call. */
  readonly call: string;
  readonly args: readonly CaseArgument[];
  /** The expected value; '-EINVAL' for an error number, 'ERR_PTR(-EINVAL)' for an error pointer. */
  readonly returns: number | string | boolean | null;
}

type Driver = Readonly<Record<string, unknown>>;

/** The scenario that makes the call while no other task runs. The call must return without a lock and leave nothing behind. */
export function caseScenario(driver: Driver, one: Case): Scenario {
  const { id, title, task, call } = one;
  return scenario({
    id,
    title,
    task,
    kind: 'function',
    *setup(): Op<unknown[]> {
      const values: unknown[] = [];
      for (const arg of one.args) values.push(yield* argument(driver, arg));
      return values;
    },
    tasks: {
      *'wrong-input'(values: unknown[]): Op<void> {
        const func = driver[call] as (...args: readonly unknown[]) => unknown; // openGrader() has checked that it is exported
        const result = func(...values);
        const returned = isOp(result) ? yield* result : result;
        expect_no_locks(`${call}()`);
        expect_eq(returned, expected(one.returns), `${call}()`);
      },
    },
  });
}

function* argument(driver: Driver, arg: CaseArgument): Op<unknown> {
  if (typeof arg !== 'object' || arg === null) return arg;
  return yield* kzalloc(driver[arg.new] as StructType, GFP_KERNEL); // a driver exports functions and structures; kzalloc() checks which it is
}

const NAMED: ReadonlyMap<string, unknown> = new Map(Object.entries(errors));
const ERROR = /^-(E[A-Z0-9]+)$/;
const POINTER = /^ERR_PTR\((-E[A-Z0-9]+)\)$/;

function expected(value: Case['returns']): unknown {
  if (typeof value !== 'string') return value;
  const pointer = POINTER.exec(value)?.[1];
  if (pointer !== undefined) return errors.ERR_PTR(errorNumber(pointer) ?? 0);
  return errorNumber(value) ?? value;
}

/** -22 for '-EINVAL'; undefined for a text that does not name an error. */
export function errorNumber(name: string): number | undefined {
  const known = ERROR.exec(name)?.[1] ?? '';
  const value = NAMED.get(known);
  return typeof value === 'number' ? -value : undefined;
}
