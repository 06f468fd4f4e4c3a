// SPDX-License-Identifier: GPL-2.0-only
/** Modules: code that can be unloaded when nothing uses it. After include/linux/module.h and kernel/module.c. */
import {
  type Branded,
  composite,
  current,
  fullyOrdered,
  here,
  type Kind,
  type Machine,
  makeHandle,
  objectOf,
  type Op,
  request,
  requestAt,
  SyncObject,
  TaskKilled,
  writing,
} from '../machine';
import { EBUSY, ENOENT, EWOULDBLOCK } from './err';

/** A loaded module: code that can be unloaded after the last reference is dropped. */
export interface module extends Branded<'module', Module> {}

/** State: the reference count; -1 while it is being unloaded, -2 afterwards. The second location stands for its text. */
class Module extends SyncObject {
  readonly typeName = 'module';
  readonly handle: module = makeHandle(this);

  override get size(): number {
    return 2;
  }

  override fieldName(index: number): string {
    return index === 0 ? 'refcnt' : 'text';
  }
}

const GOING = -1;
const GONE = -2;

/**
 * Defines a loaded module without references: THIS_MODULE in the driver's file.
 *
 * @kernel include/linux/module.h
 */
export function DEFINE_MODULE(name: string): module {
  return new Module().makeStatic(name).handle;
}

function complain(machine: Machine, module: Module, message: string, site: string): void {
  machine.complain({ check: 'module', message, object: module, site });
}

const TRY_GET: Kind<Module, [], boolean> = {
  name: 'try_module_get',
  access: 'write',
  perform(machine, task, { object: module }) {
    if (module.state < 0) return false;
    module.state++;
    fullyOrdered(machine, task, module);
    return true;
  },
};

const NO_MODULE: Kind<null, [], boolean> = {
  name: 'try_module_get',
  access: 'none',
  perform: () => true,
};

const GET: Kind<Module, [], void> = {
  name: '__module_get',
  access: 'write',
  perform(machine, _task, { object: module, site }) {
    if (module.state <= 0) {
      const message = 'BUG_ON(module_refcount(module) == 0)';
      machine.complain({ check: 'bug', message, object: module, site });
      throw new TaskKilled('BUG_ON');
    }
    module.state++;
  },
};

const PUT: Kind<Module, [], void> = {
  name: 'module_put',
  access: 'write',
  perform(machine, task, { object: module, site }) {
    fullyOrdered(machine, task, module);
    if (module.state > 0) module.state--;
    else complain(machine, module, `module_put(): refcount of ${module.label} below 0`, site);
  },
};

const REFCOUNT: Kind<Module, [], number> = {
  name: 'module_refcount',
  access: 'read',
  perform: (_machine, _task, { object }) => Math.max(0, object.state),
};

/** The part of delete_module() up to the decision, with the order of checks of 2006. */
const STOP: Kind<Module, [], number> = {
  name: 'delete_module',
  access: 'write',
  announce: (machine, task, { site }) => machine.mightSleep(task, 'delete_module', site),
  perform(machine, task, { object: module }) {
    if (module.state === GONE) return -ENOENT;
    if (module.state > 0) return -EWOULDBLOCK;
    if (module.state === GOING) return -EBUSY;
    module.state = GOING;
    machine.acquire(task, module);
    return 0;
  },
};

const FREE: Kind<Module, [], void> = {
  name: 'delete_module',
  access: 'write',
  extra: ({ object }) => [writing(object.base + 1)],
  perform(_machine, _task, { object }) {
    object.state = GONE;
  },
};

const TEXT: Kind<Module, [], void> = {
  name: 'module_text',
  access: 'read',
  perform: (machine, _task, { object, site }) => fault(machine, object, site),
};

/** What the next instruction does after the text is gone. */
function fault(machine: Machine, module: Module, site: string): void {
  if (module.state !== GONE) return;
  const message = `BUG: unable to handle page fault in the text of ${module.label}`;
  complain(machine, module, message, site);
  throw new TaskKilled('module text');
}

/**
 * Takes a reference unless the module is being unloaded.
 *
 * @example
 * const THIS_MODULE = DEFINE_MODULE('dm_mod');
 * function* dm_exit() {
 *   yield* module_text(THIS_MODULE);
 * }
 * yield* try_module_get(THIS_MODULE); // => true
 * yield* __module_get(THIS_MODULE);
 * yield* module_refcount(THIS_MODULE); // => 2
 * yield* inModuleText(THIS_MODULE, () => module_put(THIS_MODULE));
 * yield* delete_module(THIS_MODULE, dm_exit); // => -11
 * yield* module_put(THIS_MODULE);
 * yield* delete_module(THIS_MODULE, dm_exit); // => 0
 * yield* try_module_get(THIS_MODULE); // => false
 * @param module the module, or NULL for built-in code
 * @returns true if it took one, and for NULL
 * @kernel include/linux/module.h
 * @context any; does not sleep
 * @ordering full when it takes a reference, none otherwise
 * @divergence ordered in the form of 2006, too, where Linux counted on each CPU
 */
export function try_module_get(module: module | null): Op<boolean> {
  return module === null ? request(NO_MODULE, null) : request(TRY_GET, objectOf(module));
}

/**
 * Takes a reference for a caller that knows of another one. Without another it is a BUG, as in 2006.
 *
 * @kernel include/linux/module.h
 * @context any; does not sleep
 * @ordering none
 */
export function __module_get(module: module): Op<void> {
  return request(GET, objectOf(module));
}

/**
 * Drops a reference. After the last one no code of the module may run any more.
 *
 * @kernel include/linux/module.h
 * @context any; does not sleep
 * @ordering full
 * @divergence ordered in the form of 2006, too, where Linux counted on each CPU
 */
export function module_put(module: module): Op<void> {
  return request(PUT, objectOf(module));
}

/**
 * Returns the number of references.
 *
 * @returns the count; it may already be stale
 * @kernel include/linux/module.h
 * @context any; does not sleep
 * @ordering none
 */
export function module_refcount(module: module): Op<number> {
  return request(REFCOUNT, objectOf(module));
}

function* deleting(module: module, exit: () => Op<unknown>): Op<number> {
  const error = yield* request(STOP, objectOf(module));
  if (error !== 0) return error;
  yield* exit();
  yield* request(FREE, objectOf(module));
  return 0;
}

/**
 * Unloads a module, as rmmod does: runs its exit function, then its code and data are gone.
 *
 * @param exit the module's exit function
 * @returns 0; -EWOULDBLOCK while there are references, -EBUSY while another task unloads it, -ENOENT after it is unloaded
 * @kernel kernel/module.c
 * @context process context only; may sleep
 * @ordering acquire, from module_put()
 * @divergence takes the exit function; always as with O_NONBLOCK
 */
export function delete_module(module: module, exit: () => Op<unknown>): Op<number> {
  return composite('delete_module', deleting(module, exit));
}

/**
 * Marks a place where a module's code runs: faults if the module is unloaded. For subsystems that call into drivers.
 *
 * @context any; does not sleep
 * @ordering none
 */
export function module_text(module: module): Op<void> {
  return requestAt(TEXT, objectOf(module), 1);
}

function* running<T>(module: Module, call: () => Op<T>): Op<T> {
  const { machine } = current;
  const check = (): void => {
    module.fresh();
    machine.touch(module.base + 1, false);
    fault(machine, module, here());
  };
  check();
  const steps = call()[Symbol.iterator]();
  for (let input: unknown; ;) {
    const { done, value } = steps.next(input); // asked once: it may be the driver's own
    if (done === true) return value;
    input = yield value;
    check();
  }
}

/**
 * Calls a function of a module, whose text must stay loaded until the function returns: every step checks that. For subsystems and
 * scenarios that call into drivers.
 *
 * @param module the function's module; NULL for built-in code
 * @param call calls the function
 * @returns the function's result
 * @context as the function; sleeps if it does
 * @ordering none
 */
export function inModuleText<T>(module: module | null, call: () => Op<T>): Op<T> {
  if (module === null) return call();
  return composite('inModuleText', running(objectOf(module), call));
}
