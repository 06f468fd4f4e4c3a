// SPDX-License-Identifier: GPL-2.0-only
/**
 * Schedule text: `A4 B7 A3` means four steps of task A, seven of B, three of A; `A!1` is one step of A, a choice with
 * outcome 1. A task's first step starts it: it runs the code before the first operation. Tasks are named in the order in
 * which they were spawned, A, B, C, or by a path that is the same in every execution: Aa is the first child of A.
 */
import { UsageError } from '../machine';

/** Consecutive steps of one task; a choice with an outcome other than 0 has its own entry. */
export interface ScheduleStep {
  /** The task's letter or its path: C, or Aa for the first child of A. */
  readonly path: string;
  readonly count: number;
  readonly outcome: number;
}

/** One step of a schedule. */
export interface Turn {
  readonly path: string;
  readonly outcome: number;
}

/** More steps of one task than any machine allows. */
const COUNT_MAX = 1_000_000;

/** Reads a schedule text; throws a UsageError that names the first token it cannot read. */
export function parseSchedule(text: string): ScheduleStep[] {
  return text
    .split(/\s+/)
    .filter((token) => token !== '')
    .map(parseToken);
}

/** Writes a schedule as the shortest text: consecutive steps of one task are joined. */
export function formatSchedule(steps: readonly ScheduleStep[]): string {
  return joined(steps)
    .map(({ path, count, outcome }) => `${path}${outcome === 0 ? count : `!${outcome}`}`)
    .join(' ');
}

/** Expands the schedule into single steps. */
export function turnsOf(steps: readonly ScheduleStep[]): Turn[] {
  return steps.flatMap(({ path, count, outcome }) =>
    Array.from({ length: count }, () => ({ path, outcome })),
  );
}

/** Groups single steps as the text does. */
export function scheduleOf(turns: readonly Turn[]): ScheduleStep[] {
  return joined(turns.map(({ path, outcome }) => ({ path, count: 1, outcome })));
}

function joined(steps: readonly ScheduleStep[]): ScheduleStep[] {
  const joined: ScheduleStep[] = [];
  for (const step of steps) {
    const { path, count, outcome } = step;
    const last = joined[joined.length - 1];
    if (last?.path === path && last.outcome === 0 && outcome === 0) {
      joined[joined.length - 1] = { path, count: last.count + count, outcome };
    } else {
      joined.push(step);
    }
  }
  return joined;
}

function parseToken(token: string): ScheduleStep {
  const refuse = (why: string): UsageError =>
    new UsageError(`schedule: '${token.slice(0, 40)}' ${why}`);
  const match = /^(Z*[A-Y](?:z*[a-y])*)([0-9]+|![0-9]+)$/.exec(token);
  if (match === null) {
    throw refuse(
      'is not a step: write a task and a number of steps, as in A4, or an outcome, as A!1',
    );
  }
  const [, path = '', rest = ''] = match;
  const number = Number(rest.replace('!', ''));
  if (number > COUNT_MAX && !rest.startsWith('!')) throw refuse(`asks for more than ${COUNT_MAX}`);
  if (number === 0) throw refuse('counts from 1: an outcome of 0 is written as a plain step');
  return rest.startsWith('!')
    ? { path, count: 1, outcome: number }
    : { path, count: number, outcome: 0 };
}
