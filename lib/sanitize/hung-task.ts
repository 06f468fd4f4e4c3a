// SPDX-License-Identifier: GPL-2.0-only
/**
 * Hung tasks: no task can run, but some have not ended, so each of them waits for ever. Follows kernel/hung_task.c for
 * tasks that sleep, and kernel/locking/spinlock_debug.c and kernel/watchdog.c for tasks that spin. If the tasks wait for
 * each other in a circle, it is a deadlock; else a task ended without waking the others.
 *
 * Linux looks only at tasks that no signal ends (TASK_UNINTERRUPTIBLE). Here a task that sleeps interruptibly is reported as well:
 * in the whole scenario nobody is left to wake it or to send it a signal, so a wake-up was lost or never came.
 *
 * Misses: tasks that loop for ever without waiting (see soft-lockup.ts). It cannot name the task that should have
 * completed, woken or queued something, as a completion has no owner.
 */
import {
  ENTER,
  Gravity,
  type Held,
  type Machine,
  type MachineObject,
  type Monitor,
  staticObjects,
  Task,
  type Telling,
} from '../machine';
import { findWithin, heldLocks, nameOf } from './layout';

/** Finds tasks that wait for ever. */
export function hungTask(): Monitor {
  return {
    name: 'hung-task',
    end(machine) {
      if (machine.cut || machine.tasks.every((task) => task?.done !== false)) return;
      const waits = machine.tasks.flatMap((task) => waitOf(machine, task));
      const [first] = waits;
      if (first === undefined) return;
      const circle = circleOf(waits);
      report(machine, circle ?? [], waits);
    },
  };
}

/** A task that waits for ever. */
interface Wait {
  readonly task: Task;
  /** The operation, its object and its stack. */
  readonly operation: string;
  readonly what: string;
  readonly typeName: string;
  readonly site: string;
  readonly spins: boolean;
  /** It spins, and not for a spinlock. */
  readonly polls: boolean;
  /** The tasks that hold the object, if it has owners. For a reader that waits behind writers these are the writers, which wait, too. */
  readonly owners: readonly Task[];
  readonly behind: boolean;
  readonly held: readonly Held[];
}

function waitOf(machine: Machine, task: Task | undefined): Wait[] {
  const request = task?.pending ?? null;
  if (task === undefined || request === null || task.done || machine.enabled(task.id)) return [];
  if (request.kind === ENTER) return []; // an interrupt that does not come: it holds nothing, and nobody waits for it
  const { object } = request;
  if (task.cpu?.busy === true) return interrupted(machine, task, request.site);
  const owners: Task[] = object instanceof Task && !object.done ? [object] : [];
  const polls = request.kind.spins === true;
  let spins = polls;
  for (const owner of machine.tasks) {
    const held = owner?.held.find((each) => each.object === object);
    if (owner === undefined || held === undefined) continue;
    owners.push(owner);
    spins ||= held.type === 'spin';
  }
  const writers = request.kind.access === 'read' ? writersBefore(machine, object) : [];
  const behind = writers.length > 0;
  if (behind) owners.splice(0, Infinity, ...writers);
  const { name: operation, site } = request;
  const [what, typeName] = [object?.label ?? '', object?.typeName ?? ''];
  const held = task.held.slice();
  return [{ task, operation, what, typeName, site, spins, polls, owners, behind, held }];
}

/** Tasks that wait to write what others hold only for reading. */
function writersBefore(machine: Machine, object: MachineObject | null): Task[] {
  const there = machine.tasks.filter((task) => task !== undefined);
  const holds = there.flatMap(({ held }) => held.filter((each) => each.object === object));
  if (holds.length === 0 || holds.some(({ read }) => !read)) return [];
  return there.filter(({ done, pending }) => {
    return !done && pending?.object === object && pending.kind.access === 'write';
  });
}

/** The wait of a task below an interrupt that does not return. */
function interrupted(machine: Machine, task: Task, site: string): Wait[] {
  const owners = machine.tasks.filter((one) => one?.on === task).filter((one) => one !== undefined);
  const held = task.held.slice();
  const operation = 'irq_exit';
  const nothing = { what: '', typeName: '', polls: false, behind: false };
  return [{ ...nothing, task, operation, site, spins: true, owners, held }];
}

/** Tasks that wait for each other in a circle, beginning with the lowest number. */
function circleOf(waits: readonly Wait[]): Wait[] | null {
  for (const start of waits) {
    const from = new Map<Wait, Wait | null>([[start, null]]);
    for (const wait of from.keys()) {
      for (const owner of wait.owners) {
        if (owner === start.task) return chain(from, wait);
        const next = waits.find(({ task }) => task === owner);
        if (next !== undefined && !from.has(next)) from.set(next, wait);
      }
    }
  }
  return null;
}

function chain(from: ReadonlyMap<Wait, Wait | null>, last: Wait): Wait[] {
  const found: Wait[] = [];
  for (let wait: Wait | null = last; wait !== null; wait = from.get(wait) ?? null) {
    found.unshift(wait);
  }
  // An interrupt explains more than the task below it.
  const above = found.findIndex(({ task }) => task.on !== null);
  return above < 0 ? found : [...found.slice(above), ...found.slice(0, above)];
}

function report(machine: Machine, circle: readonly Wait[], waits: readonly Wait[]): void {
  const inOrder = [...circle, ...waits.filter((wait) => !circle.includes(wait))];
  const [first] = inOrder;
  if (first === undefined) return;
  const holders = machine.tasks.flatMap((task) => {
    const held = task?.held.slice() ?? [];
    return task === undefined || held.length === 0 ? [] : [{ task, held }];
  });
  machine.report({
    kind: circle.length > 0 ? 'deadlock' : 'hung-task',
    gravity: Gravity.Deadlock,
    task: first.task,
    step: machine.steps,
    headline: (telling) => firstLine(telling, first),
    body: (telling) => [
      ...rest(telling, first),
      ...inOrder.slice(1).flatMap((wait) => ['', firstLine(telling, wait), ...rest(telling, wait)]),
      ...(circle.length > 0 ? ['', `deadlock: ${circleText(circle)}`] : []),
      ...(circle.length > 0 ? [] : timersHeldBack(machine)),
      ...(holders.length > 0 ? ['', 'Showing all locks held in the system:'] : []),
      ...holders.flatMap(({ task, held }) => heldLocks(telling, task, held)),
    ],
  });
}

/** What might still end the waiting: timers that are armed, but have expired as often as is explored. */
function timersHeldBack(machine: Machine): string[] {
  if (machine.exhausted.size === 0) return [];
  const statics = staticObjects().filter(({ epoch }) => epoch === machine.epoch);
  const allocated = machine.allocations.filter(({ freed }) => !freed).map(({ object }) => object);
  return [...statics, ...allocated].flatMap((object) => {
    const timer = findWithin(object, ({ active }) => active === 'timer_list');
    if (timer === null) return [];
    return [
      '',
      `${timer.label} is armed and would expire again: the scenario's 'expiries' says how often is explored.`,
    ];
  });
}

function circleText(circle: readonly Wait[]): string {
  const names = circle.map(({ task }) => nameOf(task));
  return [...names, names[0] ?? ''].join(' waits for ');
}

function firstLine(
  telling: Telling,
  { task, spins, polls, site, operation, owners, typeName }: Wait,
): string {
  if (operation === 'irq_exit')
    return `${nameOf(task)} was interrupted, and its CPU does not return to it.`;
  const below = owners.find((owner) => owner === task || owner === task.on);
  if (spins && typeName === 'spinlock_t' && below !== undefined)
    return `BUG: spinlock recursion on CPU#${task.cpuNumber}, ${nameOf(task)}`;
  if (!spins) return `INFO: task ${task.comm}:${task.pid} blocked for more than 122 seconds.`;
  return polls
    ? `watchdog: BUG: soft lockup - CPU#${task.cpuNumber} stuck in ${telling.where(site)}! [${task.comm}:${task.pid}]`
    : `BUG: spinlock lockup suspected on CPU#${task.cpuNumber}, ${nameOf(task)}`;
}

function rest(telling: Telling, wait: Wait): string[] {
  const { task, spins, polls, typeName, what, owners, behind, operation, site } = wait;
  const owned = (owner: Task): string =>
    operation === 'irq_exit'
      ? `INFO: ${nameOf(owner)} runs on CPU#${owner.cpuNumber}.`
      : behind
        ? `INFO: task ${task.comm}:${task.pid} wants to read ${typeName} ${what}, and waits behind task ${owner.comm}:${owner.pid}, which wants to write.`
        : spins && !polls
          ? ` lock: ${what}, .magic: dead4ead, .owner: ${nameOf(owner)}, .owner_cpu: ${owner.cpuNumber}`
          : `INFO: task ${task.comm}:${task.pid} is blocked on ${typeName === 'task_struct' ? 'task' : typeName} ${what} likely owned by task ${owner.comm}:${owner.pid}.`;
  const nobody =
    what === ''
      ? `INFO: task ${task.comm}:${task.pid} waits in ${operation}(), and no task is left to end it.`
      : `INFO: task ${task.comm}:${task.pid} waits in ${operation}(${what}), and no task is left to end it.`;
  return [
    ...(owners.length > 0 ? owners.map(owned) : [nobody]),
    `task:${task.comm.padEnd(15)} state:${spins ? 'R' : 'D'} pid:${task.pid}`,
    'Call Trace:',
    ...telling.stack(site),
  ];
}
