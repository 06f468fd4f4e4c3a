// SPDX-License-Identifier: GPL-2.0-only
/**
 * The errors that primitives detect themselves, in the kernel's layout: WARN and BUG blocks, lib/refcount.c,
 * lib/list_debug.c, kernel/locking/spinlock_debug.c, lockdep_rcu_suspicious(), fs/sysfs. One table gives the layout of
 * each check.
 *
 * Misses: errors that no primitive checks for. As with WARN_ONCE, a message appears once per execution and object.
 */
import {
  type Complaint,
  type Finding,
  Gravity,
  type Held,
  type Monitor,
  type Task,
  type Telling,
} from '../machine';
import { suspiciousRcuUsage } from './atomic-sleep';
import { empty } from './emptying';
import { callTrace, nameOf, placeOf, rule } from './layout';

/** Turns the complaints of primitives into findings. */
export function complaints(): Monitor {
  const said = new Set<string>();
  return {
    name: 'complaints',
    boot: () => empty(said),
    complaint(machine, task, complaint) {
      const { check, message, object } = complaint;
      if (message !== '' && check !== 'bug') {
        const key = `${check} ${object?.label ?? ''} ${message}`;
        if (said.has(key)) return;
        said.add(key);
      }
      const owner = machine.tasks.find((each) => each?.held.some((held) => held.object === object));
      const told: Told = { complaint, task, owner: owner ?? null, held: task.held.slice() };
      const layout = LAYOUTS[check];
      machine.report({
        kind: layout.kind?.(message) ?? check,
        gravity: layout.gravity(message),
        task,
        step: machine.steps,
        headline: (telling) => layout.headline(telling, told),
        body: (telling) => layout.body(telling, told),
      });
    },
  };
}

/** A complaint and the task that made it. */
interface Told {
  readonly complaint: Complaint;
  readonly task: Task;
  /** The holder of the lock in question. */
  readonly owner: Task | null;
  readonly held: readonly Held[];
}

interface Layout {
  kind?(message: string): string;
  gravity(message: string): Gravity;
  headline(telling: Telling, told: Told): string;
  body(telling: Telling, told: Told): ReturnType<Finding['body']>;
}

const message = (_telling: Telling, { complaint }: Told): string => complaint.message;

function warnLine(telling: Telling, { complaint: { site }, task }: Told, at: string): string {
  return `WARNING: CPU: ${task.cpuNumber} PID: ${task.pid} at ${at} ${telling.where(site)}`.trimEnd();
}

/** A WARN block after a first line of its own. */
function warning(file: string): Layout['body'] {
  return (telling, told) => [
    warnLine(telling, told, file === '' ? placeOf(telling, told.complaint.site, '') : file),
    ...callTrace(telling, told.task, told.complaint.site),
    '---[ end trace ]---',
  ];
}

/** A sentence and the stack, as pr_err() and dump_stack() print them. */
const dump: Layout['body'] = (telling, { complaint, task }) =>
  callTrace(telling, task, complaint.site);

/** A check that warns from one file of the kernel. */
function check(kind: string, gravity: Gravity, file: string): Layout {
  return { kind: () => kind, gravity: () => gravity, headline: message, body: warning(file) };
}

/** sysfs_warn_dup(), and what the driver core says when its caller got -EEXIST. */
const duplicate: Layout['body'] = (telling, told) => {
  const name = /'.*\/(.*)'/.exec(told.complaint.message)?.[1] ?? '';
  return [
    ...dump(telling, told),
    `kobject_add_internal failed for ${name} with -EEXIST, don't try to register things with the same name in the same directory.`,
  ];
};

const REFCOUNT_LINES = [
  ['addition on 0', 25],
  ['underflow', 28],
  ['decrement hit 0', 31],
  ['saturated', 22],
] as const;

const refcount: Layout = {
  kind: () => 'refcount',
  gravity: () => Gravity.Misuse,
  headline: (_telling, { complaint }) =>
    `refcount_t: ${complaint.message.replace(/^refcount_t: /, '').replace(/\.$/, '')}.`,
  body: (telling, { complaint: { site, object, message: said }, task }) => {
    const line = REFCOUNT_LINES.find(([words]) => said.includes(words))?.[1] ?? 0;
    return [
      `WARNING: CPU: ${task.cpuNumber} PID: ${task.pid} at lib/refcount.c:${line} refcount_warn_saturate`,
      ...(object === null ? [] : [`counter: ${object.label}`]),
      ...callTrace(telling, task, site),
      '---[ end trace ]---',
    ];
  },
};

/** __list_add_valid_or_report() and __list_del_entry_valid_or_report(): BUG() if the kernel is configured for it. */
const list: Layout = {
  kind: () => 'list-corruption',
  gravity: () => Gravity.Memory,
  headline: message,
  body: (telling, { complaint, task }) => [
    'kernel BUG at lib/list_debug.c!',
    ...callTrace(telling, task, complaint.site),
    '---[ end trace ]---',
  ],
};

function spinGravity(said: string): Gravity {
  if (said.includes('bad magic')) return Gravity.Memory;
  return said.includes('recursion') ? Gravity.Deadlock : Gravity.Context;
}

const spinlock: Layout = {
  kind: (said) => (said.includes('bad magic') ? 'spinlock-bad-magic' : 'spinlock'),
  gravity: spinGravity,
  headline: (_telling, { complaint }) => `BUG: spinlock ${complaint.message}`,
  body: (telling, { complaint, task, owner }) => {
    const bad = complaint.message.includes('bad magic');
    const [magic, cpu] = bad ? ['00000000', 0] : ['dead4ead', owner?.cpuNumber ?? -1];
    const name = owner === null ? '<none>/-1' : nameOf(owner);
    return [
      ` lock: ${complaint.object?.label ?? ''}, .magic: ${magic}, .owner: ${name}, .owner_cpu: ${cpu}`,
      ...callTrace(telling, task, complaint.site),
    ];
  },
};

const mutex: Layout = {
  gravity: () => Gravity.Context,
  headline: (_telling, { complaint: { message: said } }) =>
    said.startsWith('DEBUG_LOCKS_WARN_ON(') ? said : `DEBUG_LOCKS_WARN_ON(${said})`,
  body: (telling, told) => [
    `lock: ${told.complaint.object?.label ?? ''}`,
    ...warning('kernel/locking/mutex.c')(telling, told),
  ],
};

const rcu: Layout = {
  kind: () => 'suspicious-rcu-usage',
  gravity: () => Gravity.Context,
  headline: (telling, { complaint: { site } }) =>
    `WARNING: suspicious RCU usage in ${telling.where(site)}`,
  body: (telling, { complaint, task, held }) =>
    suspiciousRcuUsage(telling, {
      task,
      held,
      site: complaint.site,
      what: 'kernel/rcu',
      message: `${complaint.message.replace(/!$/, '')}!`,
    }),
};

/** Freeing something that is not an allocation is reported as KASAN does it; destroying a cache with live objects is a leak. */
const slab: Layout = {
  kind: (said) => (said.startsWith('invalid-free') ? 'invalid-free' : 'slab'),
  gravity: (said) => (said.includes('still has objects') ? Gravity.Leak : Gravity.Memory),
  headline: (telling, { complaint: { message: said, site } }) =>
    said.startsWith('invalid-free') ? `BUG: KASAN: invalid-free in ${telling.where(site)}` : said,
  body: (telling, told) => {
    const { complaint, task } = told;
    if (!complaint.message.startsWith('invalid-free')) return warning('mm/slab')(telling, told);
    return [
      `Free of addr ${complaint.object?.label ?? ''} by task ${nameOf(task)}`,
      '',
      ...callTrace(telling, task, complaint.site),
      rule(66),
    ];
  },
};

const warn: Layout = {
  gravity: () => Gravity.Context,
  headline: (telling, told) =>
    told.complaint.message === ''
      ? warnLine(telling, told, placeOf(telling, told.complaint.site, ''))
      : told.complaint.message,
  body: (telling, told) =>
    told.complaint.message === ''
      ? [...dump(telling, told), '---[ end trace ]---']
      : warning('')(telling, told),
};

const bug: Layout = {
  gravity: () => Gravity.Memory,
  headline: (telling, { complaint: { site } }) =>
    `kernel BUG at ${placeOf(telling, site, telling.where(site))}!`,
  body: (telling, told) => [
    ...(/^(kernel BUG)?$/.test(told.complaint.message) ? [] : [told.complaint.message]),
    'invalid opcode: 0000 [#1] PREEMPT SMP',
    ...dump(telling, told),
    '---[ end trace ]---',
  ],
};

const expect: Layout = {
  kind: () => 'expectation',
  gravity: () => Gravity.Expectation,
  headline: (_telling, { complaint }) => `EXPECTATION FAILED: ${complaint.message}`,
  body: dump,
};

const LAYOUTS: Readonly<Record<Complaint['check'], Layout>> = {
  refcount,
  list,
  spinlock,
  mutex,
  rcu,
  workqueue: check('workqueue', Gravity.Context, 'kernel/workqueue.c'),
  'percpu-refcount': check('percpu-refcount', Gravity.Misuse, 'lib/percpu-refcount.c'),
  idr: { ...check('idr', Gravity.Context, 'lib/idr.c'), body: dump },
  module: check('module', Gravity.Memory, 'kernel/module.c'),
  mempool: check('mempool', Gravity.Memory, 'mm/mempool.c'),
  slab,
  sysfs: { ...check('sysfs', Gravity.Context, 'fs/sysfs/dir.c'), body: duplicate },
  waitqueue: check('waitqueue', Gravity.Context, 'kernel/sched/wait.c'),
  warn,
  bug,
  expect,
};
