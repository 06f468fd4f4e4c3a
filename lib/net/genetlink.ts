// SPDX-License-Identifier: GPL-2.0-only
/**
 * Generic netlink: messages with which user space sends commands to a driver. After include/net/genetlink.h and
 * net/netlink/genetlink.c of 5.14: one command runs at a time, and none while a family is registered or unregistered. Left out:
 * sockets, policies, multicast. Attributes are numbers or lists.
 */
import {
  DECLARE_RWSEM,
  DEFINE_MUTEX,
  down_read,
  down_write,
  EEXIST,
  ENOENT,
  ENOMEM,
  EOPNOTSUPP,
  mayFail,
  mutex_lock,
  mutex_unlock,
  up_read,
  up_write,
} from '../kernel';
import { failurePoint } from '../kernel/may-fail';
import { inModuleText, type module } from '../kernel/module';
import {
  type Branded,
  composite,
  current,
  type Handle,
  makeHandle,
  objectOf,
  type Op,
  SyncObject,
} from '../machine';

/** The attributes of a message, by their number. */
export interface nlattrs {
  readonly [type: number]: number | readonly nlattrs[] | undefined;
}

/** A received command: its content and its answer. */
export interface genl_info {
  /** The attributes of the message. */
  readonly attrs: nlattrs;
  /** The answer, once genlmsg_reply() has run. */
  reply: nlattrs | null;
}

/** A driver's commands under one name. */
export interface genl_family extends Branded<'genl_family', Family> {}

/** A command and its function, which returns 0 or an error. */
export interface genl_small_ops {
  /** Number of the command. */
  readonly cmd: number;
  /** Runs when the command is received. */
  readonly doit: (info: genl_info) => Op<number>;
}

/** The parts of a family. */
export interface FamilyOptions {
  /** The name by which user space finds it. */
  readonly name: string;
  /** The module in whose text its commands run. */
  readonly module: module | null;
  /** Its commands. */
  readonly small_ops: readonly genl_small_ops[];
}

class Family extends SyncObject {
  readonly typeName = 'genl_family';
  readonly handle: genl_family = makeHandle(this);

  constructor(readonly options: FamilyOptions) {
    super();
  }
}

/** The registered families, by name; under cb_lock. */
class Families extends SyncObject {
  readonly typeName = 'idr';
  readonly handle: Handle = makeHandle(this);
  readonly #families = new Map<string, Family>();

  protected override reset(): void {
    super.reset();
    this.#families.clear();
  }

  find(name: string): Family | undefined {
    current.machine.plain(this, 0, false);
    return this.#families.get(name);
  }

  set(name: string, family: Family | null): void {
    current.machine.plain(this, 0, true);
    if (family === null) this.#families.delete(name);
    else this.#families.set(name, family);
  }
}

const cb_lock = DECLARE_RWSEM('cb_lock');
const genl_mutex = DEFINE_MUTEX('genl_mutex');
const genl_fam_idr = new Families().makeStatic('genl_fam_idr');

/**
 * Defines a family: `static struct genl_family name = { ... }`.
 *
 * @example const nbd_genl_family = DEFINE_GENL_FAMILY('nbd_genl_family', { name: 'nbd', module: null, small_ops: [] });
 * @kernel include/net/genetlink.h
 * @divergence constant
 */
export function DEFINE_GENL_FAMILY(name: string, options: FamilyOptions): genl_family {
  return new Family({
    ...options,
    small_ops: options.small_ops.map((op) => ({ ...op })),
  }).makeStatic(name).handle;
}

function* genl_lock_all(): Op<void> {
  yield* down_write(cb_lock);
  yield* mutex_lock(genl_mutex);
}

function* genl_unlock_all(): Op<void> {
  yield* mutex_unlock(genl_mutex);
  yield* up_write(cb_lock);
}

const REGISTER = failurePoint('genl_register_family');

function* registering(family: Family): Op<number> {
  if (yield* mayFail(REGISTER)) return -ENOMEM;
  const { name } = family.options;
  yield* genl_lock_all();
  const err = genl_fam_idr.find(name) === undefined ? 0 : -EEXIST;
  if (err === 0) genl_fam_idr.set(name, family);
  yield* genl_unlock_all();
  return err;
}

/**
 * Registers a family: from now on its commands run.
 *
 * @example
 * const family = DEFINE_GENL_FAMILY('family', {
 *   name: 'sum',
 *   module: null,
 *   small_ops: [{ cmd: 1, doit: twice }],
 * });
 * function* twice(info: genl_info) {
 *   return genlmsg_reply({ 1: 2 * nla_get_u32(info.attrs[1] ?? 0) }, info);
 * }
 * yield* genl_register_family(family); // => 0
 * const info = { attrs: { 1: 21 }, reply: null };
 * yield* genl_rcv('sum', 1, info); // => 0
 * info.reply; // => { '1': 42 }
 * yield* genl_unregister_family(family); // => 0
 * @returns 0, -EEXIST if the name is in use, -ENOMEM if `genl_register_family` fails
 * @kernel include/net/genetlink.h
 * @context process context, not in a command; may sleep
 * @ordering release, to the commands
 */
export function genl_register_family(family: genl_family): Op<number> {
  return composite('genl_register_family', registering(objectOf(family))); // no other object has such a handle
}

function* unregistering(family: Family): Op<number> {
  const { name } = family.options;
  yield* genl_lock_all();
  const err = genl_fam_idr.find(name) === family ? 0 : -ENOENT;
  if (err === 0) genl_fam_idr.set(name, null);
  yield* genl_unlock_all();
  return err;
}

/**
 * Unregisters a family: waits for the command that is running; no other one begins.
 *
 * @returns 0, or -ENOENT if the family is not registered
 * @kernel include/net/genetlink.h
 * @context process context, not in a command; may sleep
 * @ordering acquire, from the commands
 */
export function genl_unregister_family(family: genl_family): Op<number> {
  return composite('genl_unregister_family', unregistering(objectOf(family)));
}

/**
 * Reads the number an attribute holds.
 *
 * @param attr one of `info.attrs`
 * @returns the number; 0 for a list
 * @kernel include/net/netlink.h
 * @context any; does not sleep
 * @ordering none
 */
export function nla_get_u32(attr: number | readonly nlattrs[]): number {
  return typeof attr === 'number' ? attr : 0;
}

/**
 * Answers a command.
 *
 * @returns 0
 * @kernel include/net/genetlink.h
 * @context any; does not sleep
 * @ordering none
 */
export function genlmsg_reply(attrs: nlattrs, info: genl_info): number {
  const whose = received.get(info);
  if (whose === undefined)
    throw new TypeError('genlmsg_reply: this is not a message that has come in');
  whose.reply = readable(attrs);
  return 0;
}

/** Messages as drivers see them, and whose they are. */
const received = new WeakMap<object, genl_info>();

/** A message for a driver: what it says can be read, and answered with genlmsg_reply() alone. */
function receive(info: genl_info): genl_info {
  const { reply } = info;
  const shown = Object.freeze({ attrs: readable(info.attrs), reply });
  received.set(shown, info);
  return shown;
}

/** Numbers, and lists of the same. */
function readable(attrs: nlattrs): nlattrs {
  const copy: Record<number, nlattrs[number]> = {};
  for (const key of Object.keys(attrs).map(Number)) {
    const value = attrs[key];
    if (typeof value === 'object') copy[key] = Object.freeze(value.map(readable));
    else if (typeof value === 'number') copy[key] = value;
  }
  return Object.freeze(copy);
}

/** What a driver's function gives, which is an error or 0 only if it says so. */
function errorIn(result: unknown): number {
  if (typeof result !== 'number') throw new TypeError('doit() gives 0 or an error');
  return result;
}

function* genl_rcv_msg(name: string, cmd: number, info: genl_info): Op<number> {
  const family = genl_fam_idr.find(name);
  if (family === undefined) return -ENOENT;
  const { module, small_ops } = family.options;
  const doit = small_ops.find((op) => op.cmd === cmd)?.doit;
  if (doit === undefined) return -EOPNOTSUPP;
  yield* mutex_lock(genl_mutex);
  const err = errorIn(yield* inModuleText(module, () => doit(receive(info))));
  yield* mutex_unlock(genl_mutex);
  return err;
}

function* receiving(name: string, cmd: number, info: genl_info): Op<number> {
  yield* down_read(cb_lock);
  const err = yield* genl_rcv_msg(name, cmd, info);
  yield* up_read(cb_lock);
  return err;
}

/**
 * For scenarios: user space sends a command and waits until it has run.
 *
 * @param name the name of the family
 * @param cmd the number of the command
 * @returns the driver's result, -ENOENT if there is no such family, -EOPNOTSUPP if it has no such command
 * @kernel net/netlink/genetlink.c
 * @context process context; may sleep
 * @ordering none
 */
export function genl_rcv(name: string, cmd: number, info: genl_info): Op<number> {
  return composite('genl_rcv', receiving(name, cmd, info));
}
