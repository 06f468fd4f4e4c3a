// SPDX-License-Identifier: GPL-2.0-only
/** Turns an uncaught exception of a task into a finding in the kernel's words. */
import { OutOfBounds } from './bounds';
import { Gravity, type Telling } from './finding';
import type { Machine } from './machine';
import { EndlessLoop } from './memory';
import { UsageError } from './errors';
import { unstarted } from './op';
import { stackOf } from './stacks';
import type { Task } from './task';

/** An operation was built and the task went on without running it. */
export class ForgottenYield extends Error {
  override name = 'ForgottenYield';
  readonly operation = unstarted[0]?.name ?? 'an operation';
  readonly site = unstarted[0]?.site ?? '';
}

interface Words {
  readonly kind: string;
  readonly gravity: Gravity;
  headline(telling: Telling): string;
  body(telling: Telling): string[];
}

function place(telling: Telling, site: string): string {
  const frame = telling.frames(site)[0];
  return frame === undefined ? '' : `${frame.file}:${frame.line}: `;
}

function textOf(error: unknown): { name: string; message: string } {
  const message = own(error, 'message');
  if (typeof error !== 'object' || error === null || typeof message !== 'string') {
    return { name: 'exception', message: 'something other than an Error was thrown' };
  }
  return { name: plain(nameOf(error)), message: plain(message) };
}

/** `TypeError`, from the exception itself or from what it is one of; nothing of it is called. */
function nameOf(error: object): string {
  for (let at: unknown = error, i = 0; i < 4 && at !== null; i++, at = Object.getPrototypeOf(at)) {
    const name = own(at, 'name');
    if (typeof name === 'string') return name;
  }
  return 'Error';
}

/** What is thrown may be anything: only a plain property counts. */
function own(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.getOwnPropertyDescriptor(value, key)?.value
    : undefined;
}

function plain(text: string): string {
  return text.slice(0, 300).replace(/[^\x20-\x7e]/g, '?');
}

function words(error: unknown, task: Task): Words {
  const { name, message } = textOf(error);
  // V8 writes a stack when it is first asked for, and most findings are never told.
  const stack = (): string => stackOf(error);
  const trace = (telling: Telling, site = stack()): string[] => [
    `CPU: ${task.cpuNumber} PID: ${task.pid} Comm: ${task.comm}`,
    'Call Trace:',
    ...telling.stack(site),
  ];
  const say = (kind: string, first: (t: Telling) => string, more: string[] = []): Words => ({
    kind,
    gravity: Gravity.Memory,
    headline: first,
    body: (telling) => [...more, ...trace(telling)],
  });
  if (error instanceof ForgottenYield) return forgotten(error);
  if (error instanceof EndlessLoop) {
    const site = error.site ?? stack();
    return {
      kind: 'soft-lockup',
      gravity: Gravity.Memory,
      headline: (t) =>
        `watchdog: BUG: soft lockup - CPU#${task.cpuNumber} stuck in ${t.where(site)}! [${task.comm}:${task.pid}]`,
      body: (t) => [`${message}: no other CPU can end it.`, ...trace(t, site)],
    };
  }
  if (error instanceof UsageError) return say('usage', () => `error: ${message}`);
  const access =
    /^Cannot (read|set) properties of (null|undefined) \((?:reading|setting) '(.*)'\)/.exec(
      message,
    );
  if (access !== null) {
    const verb = access[1] === 'read' ? 'read' : 'write';
    const field = access[3] ?? '';
    if (access[2] === 'null') {
      return say(
        'null-deref',
        (t) => `BUG: kernel NULL pointer dereference in ${t.where(stack())}`,
        [`#PF: supervisor ${verb} access in kernel mode: NULL->${field}`],
      );
    }
    return say('wild-access', (t) => `BUG: unable to handle page fault in ${t.where(stack())}`, [
      `#PF: supervisor ${verb} access in kernel mode: ${field} of something that is not a pointer`,
    ]);
  }
  if (error instanceof OutOfBounds) {
    return say('wild-access', (t) => `BUG: unable to handle page fault in ${t.where(stack())}`, [
      `#PF: supervisor ${error.write ? 'write' : 'read'} access in kernel mode: ${message}`,
    ]);
  }
  if (message.startsWith('general protection fault')) {
    return say('wild-access', (t) => `Oops: ${message} in ${t.where(stack())}`);
  }
  if (name === 'RangeError' && message.startsWith('Maximum call stack')) {
    return say('stack-overflow', (t) => `BUG: stack guard page was hit in ${t.where(stack())}`);
  }
  return say('exception', (t) => `${place(t, stack())}uncaught ${name}: ${message}`);
}

function forgotten({ operation, site }: ForgottenYield): Words {
  return {
    kind: 'forgotten-yield',
    gravity: Gravity.Memory,
    headline: (t) =>
      `${place(t, site)}${operation}() was called without yield*, so it never runs; write 'yield* ${operation}(...)'`,
    body: (t) => ['The call stack:', ...t.stack(site)],
  };
}

/** Reports an exception that a task's code did not catch; a detector that knows what it means says so instead. */
export function reportUncaught(machine: Machine, task: Task, error: unknown): void {
  if (error instanceof OutOfBounds && isTold(machine, task, error)) return;
  machine.report({ ...words(error, task), task, step: machine.steps });
}

/** Whether a detector has reported an access outside of an array. */
function isTold(machine: Machine, task: Task, access: OutOfBounds): boolean {
  const known = machine.findings.length;
  for (const monitor of machine.monitors) monitor.outside?.(machine, task, access);
  return machine.findings.length > known;
}
