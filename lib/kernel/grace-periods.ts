// SPDX-License-Identifier: GPL-2.0-only
/** The cost of a program in grace periods. For scenarios: the kernel does not count them. */
import { type Kind, type Op, request } from '../machine';
import { type Flavour, type GracePeriod, type Log, rcu, sched } from './rcu-state';

const ELAPSED: Kind<Log, [flavour: Flavour], number> = {
  name: 'grace_periods',
  access: 'write',
  perform: (_machine, _task, { a: flavour }) => flavour.elapsed(),
};

const LOG: Kind<Log, [flavour: Flavour], readonly GracePeriod[]> = {
  name: 'grace_period_log',
  access: 'write',
  perform: (_machine, _task, { a: flavour }) =>
    flavour.log.periods.map((period) => ({ ...period })),
};

const flavours = { rcu, rcu_sched: sched } as const;

/**
 * How many grace periods have elapsed: the least number that serves all waits, so that overlapping waits count once.
 *
 * @returns the number since the start of the execution
 * @context any; does not sleep
 * @ordering none
 */
export function grace_periods(flavour: keyof typeof flavours = 'rcu'): Op<number> {
  return request(ELAPSED, flavours[flavour].log, flavours[flavour]);
}

/**
 * The grace periods of this execution in the order in which they began, each with the steps of its start and end.
 *
 * @returns the start and end of each, as step numbers
 * @context any; does not sleep
 * @ordering none
 */
export function grace_period_log(
  flavour: keyof typeof flavours = 'rcu',
): Op<readonly GracePeriod[]> {
  return request(LOG, flavours[flavour].log, flavours[flavour]);
}
