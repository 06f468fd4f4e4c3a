// SPDX-License-Identifier: GPL-2.0-only
/** The words of lockdep about interrupts: the layouts of kernel/locking/lockdep.c, without the counters of interrupt events. */
import { type Finding, Gravity, type Held, type Task, type Telling } from '../machine';
import type { IrqUsage, Taking } from './irq-usage';
import { heldLine, heldLocks, lockName, nameOf } from './layout';
import type { Order, Reached } from './lock-order';
import { irqOf, type Usage, type Used } from './lock-usage';

const HELP = 'other info that might help us debug this:';

function finding(kind: string, task: Task, headline: string, body: Finding['body']): Finding {
  const gravity = Gravity.LockOrder;
  return { kind, gravity, task, step: 0, headline: () => `WARNING: ${headline}`, body };
}

/** `[HC1[1]:SC0[0]:HE0:SE1]`: in which interrupts the task is, and which are on. */
function contextOf(task: Task): string {
  let [hard, soft] = [0, 0];
  for (let each: Task | null = task; each !== null; each = each.on) {
    if (each.context === 'hardirq') hard++;
    soft += (each.context === 'softirq' ? 1 : 0) + 2 * each.bhDepth;
  }
  const serving = soft % 2;
  return `[HC${hard}[${hard}]:SC${serving}[${soft}]:HE${task.irqsOff ? 0 : 1}:SE${soft === 0 ? 1 : 0}]`;
}

function lockLine(telling: Telling, { lock, how }: Taking, name: string): string {
  return `${lock.label} ${lockName(name, how.type, how.read)}, at: ${telling.where(how.site)}`;
}

/** A stack, indented under what it belongs to. */
function trace(telling: Telling, site: string): string[] {
  return telling.stack(site).map((line) => `  ${line}`);
}

/** print_usage_bug() */
export function inconsistentState(
  { usage: uses, order }: IrqUsage,
  taking: Taking,
  usage: Usage,
  before: Usage,
): Finding {
  const { task, how, id } = taking;
  const locks = task.held.slice();
  const context = contextOf(task);
  const name = order.nameOf(id);
  const registered = uses.where(id, before)?.site ?? '';
  return finding('inconsistent-lock-state', task, 'inconsistent lock state', (telling) => [
    `inconsistent {${before}} -> {${usage}} usage.`,
    `${nameOf(task)} ${context} takes:`,
    lockLine(telling, taking, name),
    `{${before}} state was registered at:`,
    ...trace(telling, registered),
    '',
    HELP,
    ' Possible unsafe locking scenario:',
    '',
    '       CPU0',
    '       ----',
    `  lock(${name});`,
    '  <Interrupt>',
    `    lock(${name});`,
    '',
    ' *** DEADLOCK ***',
    '',
    ...heldLocks(telling, task, locks),
    '',
    'stack backtrace:',
    ...telling.stack(how.site),
  ]);
}

/** print_irq_lock_scenario() */
function scenario(safe: string, middle: string, unsafe: string): string[] {
  const other = ' '.repeat(31);
  const chain =
    middle === unsafe ? [] : ['Chain exists of:', `  ${safe} --> ${middle} --> ${unsafe}`, ''];
  return [
    ...chain,
    ' Possible interrupt unsafe locking scenario:',
    '',
    '       CPU0                    CPU1',
    '       ----                    ----',
    `  lock(${unsafe});`,
    `${other}local_irq_disable();`,
    `${other}lock(${safe});`,
    `${other}lock(${middle});`,
    '  <Interrupt>',
    `    lock(${safe});`,
    '',
    ' *** DEADLOCK ***',
    '',
  ];
}

/** A class with its uses, as print_lock_class_header() shows it. */
function header(telling: Telling, { usage, order }: IrqUsage, id: number): string[] {
  const uses = usage.of(id).map((bit): [Usage, Used | null] => [bit, usage.where(id, bit)]);
  const [first] = uses;
  const { type = 'spin', read = false } = first?.[1] ?? {};
  return [
    `-> ${lockName(order.nameOf(id), type, read)} {`,
    ...uses.flatMap(([bit, used]) => [
      `   ${bit} at:`,
      ...trace(telling, used?.site ?? '').map((line) => `   ${line}`),
    ]),
    ' }',
  ];
}

/** print_shortest_lock_dependencies(): the classes of a path, the last first, each with where it was taken inside the one before. */
function dependencies(
  telling: Telling,
  usage: IrqUsage,
  root: number,
  rootSite: string,
  path: readonly Order[],
  end: (order: Order) => number,
): string[] {
  const links = path.map((order): [number, string] => [end(order), order.site]);
  return [[root, rootSite] as const, ...links]
    .reverse()
    .flatMap(([id, site]) => [
      ...header(telling, usage, id),
      ' ... acquired at:',
      ...trace(telling, site),
      '',
    ]);
}

/** What an inversion connects. */
export interface Inversion {
  readonly usage: Usage;
  readonly other: Reached;
  readonly met: Usage;
  readonly forwards: boolean;
}

/** print_irq_inversion_bug() */
export function irqInversion(usage: IrqUsage, taking: Taking, inversion: Inversion): Finding {
  const { task, how, id } = taking;
  const { other, forwards } = inversion;
  const { order } = usage;
  const locks = task.held.slice();
  const irq = irqOf(inversion.usage);
  const [name, otherName] = [order.nameOf(id), order.nameOf(other.id)];
  const read = inversion.met.endsWith('R') ? '-READ' : '';
  const first = other.path[0];
  const next = first === undefined ? other.id : forwards ? first.to : first.from;
  const middle = next === other.id ? null : order.nameOf(next);
  const scene = forwards
    ? scenario(name, middle ?? otherName, otherName)
    : scenario(otherName, middle ?? name, name);
  const headline = 'possible irq lock inversion dependency detected';
  const used = usage.usage.where(other.id, inversion.met);
  return finding('irq-lock-inversion', task, headline, (telling) => [
    `${nameOf(task)} just changed the state of lock:`,
    lockLine(telling, taking, name),
    forwards
      ? `but this lock took another, ${irq}${read}-unsafe lock in the past:`
      : `but this lock was taken by another, ${irq}${read}-safe lock in the past:`,
    ` ${lockName(otherName, used?.type ?? 'spin', used?.read ?? false)}`,
    '',
    'and interrupts could create inverse lock ordering between them.',
    '',
    '',
    HELP,
    ...scene,
    ...heldLocks(telling, task, locks),
    '',
    'the shortest dependencies between 2nd lock and 1st lock:',
    ...dependencies(telling, usage, id, how.site, other.path, ({ from, to }) =>
      forwards ? to : from,
    ),
    'stack backtrace:',
    ...telling.stack(how.site),
  ]);
}

/** What a new order connects. */
export interface Connection {
  readonly held: Held;
  readonly heldId: number;
  readonly usage: Usage;
  readonly safe: Reached;
  readonly unsafe: Reached;
  readonly met: Usage;
}

/** print_bad_irq_dependency() */
export function badIrqDependency(usage: IrqUsage, taking: Taking, connection: Connection): Finding {
  const { task, how, id, lock } = taking;
  const { held, heldId, safe, unsafe, met } = connection;
  const { order } = usage;
  const locks = task.held.slice();
  const context = contextOf(task);
  const irq = irqOf(connection.usage);
  const name = (one: number): string => order.nameOf(one);
  const short = (one: number, bit: Usage): string => {
    const used = usage.usage.where(one, bit);
    return ` ${lockName(name(one), used?.type ?? 'spin', used?.read ?? false)}`;
  };
  const at = (telling: Telling, one: number, bit: Usage): string[] =>
    trace(telling, usage.usage.where(one, bit)?.site ?? '');
  const middle = heldId === safe.id ? id : heldId;
  const headline = `${irq}-safe -> ${irq}-unsafe lock order detected`;
  return finding('bad-irq-dependency', task, headline, (telling) => [
    `${nameOf(task)} ${context} is trying to acquire:`,
    `${lock.label} ${lockName(name(id), how.type, how.read)}, at: ${telling.where(how.site)}`,
    '',
    'and this task is already holding:',
    heldLine(telling, held, name(heldId)),
    'which would create a new lock dependency:',
    ` ${lockName(name(heldId), held.type, held.read)} -> ${lockName(name(id), how.type, how.read)}`,
    '',
    `but this new dependency connects a ${irq}-irq-safe lock:`,
    short(safe.id, connection.usage),
    '',
    `... which became ${irq}-irq-safe at:`,
    ...at(telling, safe.id, connection.usage),
    '',
    `to a ${irq}-irq-unsafe lock:`,
    short(unsafe.id, met),
    '',
    `... which became ${irq}-irq-unsafe at:`,
    ...at(telling, unsafe.id, met),
    '',
    HELP,
    '',
    ...scenario(name(safe.id), name(middle), name(unsafe.id)),
    ...heldLocks(telling, task, locks),
    '',
    `the dependencies between ${irq}-irq-safe lock and the holding lock:`,
    ...dependencies(telling, usage, heldId, held.site, safe.path, ({ from }) => from),
    'the dependencies between the lock to be acquired',
    ` and ${irq}-irq-unsafe lock:`,
    ...dependencies(telling, usage, id, how.site, unsafe.path, ({ to }) => to),
    'stack backtrace:',
    ...telling.stack(how.site),
  ]);
}
