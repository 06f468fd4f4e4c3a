// SPDX-License-Identifier: GPL-2.0-only
/**
 * Looks at everything a driver can get hold of, and prints as JSON what of it could be changed: such a thing would be shared by
 * tasks and executions behind the machine's back. Run by its test, as a process of its own.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as driverLib from '../../../lib/driver-lib';
import type * as checking from '../../../lib/kata/checked-lib';
import type * as machines from '../../../lib/machine';
import { lockRealm } from './realm';

/** What was looked at, and the paths to what can be changed. */
interface Found {
  readonly objects: number;
  readonly open: readonly string[];
}

/** Everything that can be reached from these. What is new with every call is passed over, and its prototypes are not. */
function lookAround(
  shared: readonly [string, unknown][],
  fresh: readonly [string, object][],
): Found {
  const seen = new Set<unknown>();
  const open: string[] = [];
  const pending: [string, object][] = [];
  const add = (from: string, value: unknown): void => {
    if (isObject(value) && !seen.has(value)) pending.push([from, value]);
  };
  const follow = (from: string, object: object): void => {
    add(`${from}.__proto__`, Object.getPrototypeOf(object));
    for (const key of Reflect.ownKeys(object)) {
      const property = Object.getOwnPropertyDescriptor(object, key);
      const name = `${from}.${String(key)}`;
      const parts: unknown[] = Object.values(property ?? {});
      for (const part of parts) add(name, part);
    }
  };
  for (const [name, value] of shared) add(name, value);
  for (const [name, object] of fresh) follow(name, object);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [name, value] = next;
    if (seen.has(value) || name.length > NAME_MAX) continue;
    seen.add(value);
    if (!Object.isFrozen(value)) open.push(name);
    follow(name, value);
  }
  return { objects: seen.size, open };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' ? value !== null : typeof value === 'function';
}

const NAME_MAX = 300;

const { evaluate, harden } = lockRealm(path.resolve(__dirname, '..', '..', '..'));
const load = createRequire(__filename);
// Loaded once the realm is locked; the types are those of the same files.
const lib = load('../../../lib/driver-lib') as typeof driverLib; // see above
const { Machine } = load('../../../lib/machine') as typeof machines; // see above
const { checkedLib } = load('../../../lib/kata/checked-lib') as typeof checking; // see above
for (const each of [lib, checkedLib]) Object.values(each).forEach(harden);

const shared: [string, unknown][] = [
  ['globalThis', evaluate('globalThis')],
  ...Object.entries(checkedLib).map(([name, value]): [string, unknown] => [`lib.${name}`, value]),
];
const probed = lib.struct('probed', {
  n: lib.int,
  lock: lib.spinlock_t,
  kref: lib.kref,
  list: lib.list_head,
});
shared.push(['struct()', probed]);

/** What calls give, made in a machine, where the library works. */
const fresh: [string, object][] = [];
const lock = lib.DEFINE_SPINLOCK('lock');
const mutex = lib.DEFINE_MUTEX('mutex');
const list = lib.LIST_HEAD('list');
const cell = lib.static_var('cell', 0);
const statics = [lock, mutex, list, cell, lib.DEFINE_STATIC('probed', probed)];
shared.push(...statics.map((one, i): [string, unknown] => [`static ${i}`, one]));
shared.push(['ERR_PTR()', lib.ERR_PTR(-5)], ['DEFINE_POINTER()', lib.DEFINE_POINTER('pointer')]);

const samples: readonly (readonly unknown[])[] = [
  [],
  ...statics.map((one) => [one]),
  [statics[4], 'n', 1],
  [list, probed, 'list'],
  [1, lock],
  [cell, 'value', 1],
  [1, mutex],
];

const machine = new Machine({
  boot() {
    for (const [name, func] of Object.entries(checkedLib)) {
      if (
        typeof func !== 'function' ||
        /^(?:DEFINE|DECLARE|LIST_HEAD|LLIST_HEAD|static_var|struct)/.test(name)
      )
        continue;
      for (const args of samples) {
        try {
          // Called with anything: it says itself what it does not take.
          const result = (func as (...args: readonly unknown[]) => unknown)(...args);
          keep(`${name}()`, result);
        } catch {
          // Not what it takes.
        }
      }
    }
  },
});

function keep(name: string, result: unknown): void {
  if (typeof result !== 'object' || result === null || lib.IS_ERR(result)) return;
  fresh.push([name, result]);
  if (!(Symbol.iterator in result)) return;
  // Of what lib gives, only operations and collections can be run through.
  fresh.push([`${name}[Symbol.iterator]()`, (result as Iterable<unknown>)[Symbol.iterator]()]);
}

machine.boot();
process.stdout.write(`${JSON.stringify({ ...lookAround(shared, fresh), calls: fresh.length })}\n`);
