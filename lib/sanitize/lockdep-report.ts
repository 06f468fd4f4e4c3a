// SPDX-License-Identifier: GPL-2.0-only
/**
 * The words of lockdep: the layouts of kernel/locking/lockdep.c, with object names instead of addresses. The line with
 * the kernel's version is left out, and so are the rulers around the headline, which the report adds.
 */
import {
  type Acquisition,
  type Finding,
  Gravity,
  type Held,
  type SyncObject,
  type Task,
  type Telling,
} from '../machine';
import { heldLine, heldLocks, lockClass, lockName, nameOf } from './layout';
import type { LockOrder, Order } from './lock-order';

/** The parts of a circular dependency's report. */
export interface Circle {
  readonly task: Task;
  readonly lock: SyncObject;
  readonly how: Acquisition;
  readonly held: Held;
  readonly order: Order;
  readonly cycle: readonly Order[];
  readonly graph: LockOrder;
}

const HELP = 'other info that might help us debug this:';

function finding(
  kind: string,
  gravity: Gravity,
  task: Task,
  headline: string,
  body: Finding['body'],
): Finding {
  return { kind, gravity, task, step: 0, headline: () => `WARNING: ${headline}`, body };
}

function wantedLine(telling: Telling, lock: SyncObject, how: Acquisition, name: string): string {
  const at = telling.where(how.site);
  return `${lock.label} ${lockName(name, how.type, how.read)}, at: ${at}`;
}

/** The stack of one link, indented as lockdep does. */
function link(telling: Telling, order: Order): string[] {
  return telling.stack(order.site).map((line) => `      ${line}`);
}

/** print_circular_bug() */
export function circular(circle: Circle): Finding {
  const { task, lock, how, held, order, cycle, graph } = circle;
  const locks = task.held.slice();
  const [wanted, holding] = [graph.nameOf(order.to), graph.nameOf(order.from)];
  const body = (telling: Telling): string[] => [
    `${nameOf(task)} is trying to acquire lock:`,
    wantedLine(telling, lock, how, wanted),
    '',
    'but task is already holding lock:',
    heldLine(telling, held, holding),
    '',
    'which lock already depends on the new lock.',
    '',
    '',
    'the existing dependency chain (in reverse order) is:',
    ...[{ ...order, task, site: how.site }, ...cycle]
      .flatMap((entry, nth) => [
        [
          '',
          `-> #${nth} ${lockName(graph.nameOf(entry.to), entry.type, entry.read)}:`,
          ...link(telling, entry),
        ],
      ])
      .reverse()
      .flat(),
    '',
    HELP,
    '',
    ...scenario(wanted, holding, cycle, graph),
    ...heldLocks(telling, task, locks),
    '',
    'stack backtrace:',
    ...telling.stack(how.site),
  ];
  const headline = 'possible circular locking dependency detected';
  return finding('circular-locking', Gravity.LockOrder, task, headline, body);
}

/** print_circular_lock_scenario() */
function scenario(
  wanted: string,
  holding: string,
  cycle: readonly Order[],
  graph: LockOrder,
): string[] {
  const last = cycle[cycle.length - 1];
  const parent = last === undefined || cycle.length === 1 ? wanted : graph.nameOf(last.from);
  const chain =
    parent === wanted ? [] : ['Chain exists of:', `  ${wanted} --> ${parent} --> ${holding}`, ''];
  const other = ' '.repeat(31);
  return [
    ...chain,
    ' Possible unsafe locking scenario:',
    '',
    '       CPU0                    CPU1',
    '       ----                    ----',
    `  lock(${holding});`,
    `${other}lock(${parent});`,
    `${other}lock(${holding});`,
    `  lock(${wanted});`,
    '',
    ' *** DEADLOCK ***',
    '',
  ];
}

/** print_deadlock_bug() */
export function recursiveLocking(
  task: Task,
  lock: SyncObject,
  how: Acquisition,
  held: Held,
  name: string,
): Finding {
  const locks = task.held.slice();
  return finding(
    'recursive-locking',
    Gravity.LockOrder,
    task,
    'possible recursive locking detected',
    (telling) => [
      `${nameOf(task)} is trying to acquire lock:`,
      wantedLine(telling, lock, how, name),
      '',
      'but task is already holding lock:',
      heldLine(telling, held, name),
      '',
      HELP,
      ' Possible unsafe locking scenario:',
      '',
      '       CPU0',
      '       ----',
      `  lock(${name});`,
      `  lock(${name});`,
      '',
      ' *** DEADLOCK ***',
      '',
      ' May be due to missing lock nesting notation',
      '',
      ...heldLocks(telling, task, locks),
      '',
      'stack backtrace:',
      ...telling.stack(how.site),
    ],
  );
}

/** print_unlock_imbalance_bug() */
export function unlockBalance(task: Task, lock: SyncObject, site: string): Finding {
  const locks = task.held.slice();
  const left =
    locks.length === 0 ? 'there are no more locks to release!' : 'it does not hold that lock!';
  return finding(
    'unlock-balance',
    Gravity.Context,
    task,
    'bad unlock balance detected!',
    (telling) => [
      `${nameOf(task)} is trying to release lock (${lockClass(lock)}) at:`,
      telling.where(site),
      `but ${left}`,
      '',
      HELP,
      ...heldLocks(telling, task, locks),
      '',
      'stack backtrace:',
      ...telling.stack(site),
    ],
  );
}

/** print_freed_lock_bug() */
export function heldLockFreed(
  task: Task,
  what: string,
  holder: Task,
  held: Held,
  site: string,
): Finding {
  const locks = holder.held.slice();
  return finding('held-lock-freed', Gravity.Memory, task, 'held lock freed!', (telling) => [
    `${nameOf(task)} is freeing memory ${what}, with a lock still held there!`,
    heldLine(telling, held),
    ...heldLocks(telling, holder, locks),
    '',
    'stack backtrace:',
    ...telling.stack(site),
  ]);
}

/** print_held_locks_bug() */
export function stillHasLocks(task: Task): Finding {
  const locks = task.held.filter((held) => held.type !== 'map');
  const headline = `${nameOf(task)} still has locks held!`;
  return finding('locks-held', Gravity.Context, task, headline, (telling) => [
    ...heldLocks(telling, task, locks),
    '',
    'stack backtrace:',
    ...telling.stack(locks[locks.length - 1]?.site ?? ''),
  ]);
}
