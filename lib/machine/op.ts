// SPDX-License-Identifier: GPL-2.0-only
/**
 * Operations: requests of a task to the machine, and the only places where another CPU can run in between.
 *
 * Calling a primitive builds a request and has no effect. Running it with `yield*` passes the request to the machine,
 * which performs it when the explorer schedules the task: every effect happens there.
 */
import { UsageError } from './errors';
import { sealPrototype } from './handle';
import type { Machine } from './machine';
import type { MachineObject, SyncObject } from './object';
import type { Reading } from './reordering';
import type { Task } from './task';

/** Something that runs with `yield*` and returns a `T`: one operation, or a generator function made of them. */
export interface Op<T> {
  /** `yield*` calls this. Nothing else may. */
  [Symbol.iterator](): Iterator<Request, T, unknown>;
}

/**
 * How an operation uses its location. Two operations on one location are dependent unless both only read. 'add' is a
 * write that commutes with other additions, if the exploration makes use of that.
 */
export type Access = 'none' | 'read' | 'write' | 'add';

/** The arguments of an operation besides its object: two values at most. */
export type Arguments = readonly [a?: unknown, b?: unknown];

/**
 * A kind of operation, shared by all its requests: the object it acts on, its arguments and its result. Without type
 * arguments it is any kind, which is how the machine and the explorers see them.
 *
 * Its functions are methods on purpose: the compiler compares the parameters of methods both ways, so every kind is also
 * a `Kind`.
 */
export interface Kind<
  O extends MachineObject | null = MachineObject | null,
  A extends Arguments = Arguments,
  R = unknown,
> {
  readonly name: string;
  readonly access: Access;
  /** The operation acts on one field of a structure, not on the whole, or on one bit of it: its second argument. */
  readonly field?: true | 'bit';
  /** Further locations, known before the operation runs: a free, for example, writes the whole object. Encoded like footprints. */
  extra?(request: Request<O, A>): readonly number[];
  /**
   * Whether the operation can run if its object is in this state. If absent, it always can. A blocking kind has exactly
   * one object.
   */
  enabled?(state: number, task: Task, request: Request<O, A>): boolean;
  /**
   * For an operation that waits until another task writes a location that its task has read: those locations, and since
   * which step.
   */
  since?(request: Request<O, A>): ReadonlyMap<number, number>;
  /** Likewise: whether it may go on although nothing has changed. A schedule says that as outcome 1, and may ask for it at any time. */
  impatient?(request: Request<O, A>): boolean;
  /** Further objects whose state it changes, if tasks wait for that: `extra` has their locations. */
  sets?(request: Request<O, A>): readonly SyncObject[];
  /** It tells its task nothing: whatever the object's state was, the task goes on in the same way. A lock, for example. */
  readonly tellsNothing?: true;
  /** It waits without sleeping, though for no spinlock. */
  readonly spins?: true;
  /** Whether it would leave its object as it is now: to the race detector, a cmpxchg() that fails is a load. */
  leaves?(request: Request<O, A>): boolean;
  /** How the operation changes its object's state, for objects whose readers commute. */
  apply?(state: number, task: number): number;
  /** The number of outcomes that the explorer must try; if absent, there is one. */
  outcomes?(machine: Machine, task: Task, request: Request<O, A>): number;
  /** The outcomes that the explorer must try, if the memory model determines them. Outcome 0 is always one of them. */
  choices?(machine: Machine, task: Task, request: Request<O, A>): readonly number[];
  /** What it would read with an outcome, where outcomes are stores to read; undefined where they are not. */
  reads?(
    machine: Machine,
    task: Task,
    request: Request<O, A>,
    outcome: number,
  ): Reading | undefined;
  /** Runs when the task reaches the operation, before it waits for its turn. Checks of the task's own state belong here. */
  announce?(machine: Machine, task: Task, request: Request<O, A>): void;
  /** Performs the operation and returns its result. */
  perform(machine: Machine, task: Task, request: Request<O, A>): R;
}

/** The result object of our iterators. The machine and `yield*` read it immediately, so one object serves every operation. */
const handedOver: { done: boolean; value: unknown } = Object.seal({
  done: false,
  value: undefined,
});

/** Operations that were built but have not run yet, oldest first: this finds a forgotten `yield*` at run time. */
export const unstarted: { name: string; site: string }[] = [];

/** Forgets them. */
export function forgetUnstarted(): void {
  if (unstarted.length > 0) unstarted.length = 0;
}

function started(op: { name: string; site: string }): void {
  if (unstarted[unstarted.length - 1] === op) unstarted.pop();
  else unstarted.splice(unstarted.indexOf(op), 1);
}

/** How requests record the stack that built them; set only while a failure is replayed. */
export const sites: { capture: (() => string) | null } = { capture: null };

/** The stack of the running code, if a failure is being replayed. */
export function here(): string {
  return sites.capture === null ? '' : sites.capture();
}

/** One operation: its kind, object and arguments, visible only to the machine and its explorers. */
export class Request<
  O extends MachineObject | null = MachineObject | null,
  A extends Arguments = Arguments,
> {
  /** The stack that built the request; empty unless a failure is being replayed. */
  readonly site: string;
  #result: unknown = undefined;
  #performed = false;

  constructor(
    readonly kind: Kind<O, A>,
    readonly object: O,
    /** Index of the location within the object; 0 for an object with a single one. */
    readonly index: number,
    readonly a: A[0],
    readonly b: A[1],
  ) {
    this.site = here();
    unstarted.push(this);
  }

  /** Keeps the result of the machine: the task gets no other, no matter who resumes its code. */
  gives(result: unknown): unknown {
    this.#performed = true;
    return (this.#result = result);
  }

  /** Hands it over, once. */
  take(): unknown {
    if (!this.#performed) throw new UsageError('an operation was resumed that has not run');
    this.#performed = false;
    return this.#result;
  }

  /** The name for messages: the operation as the driver wrote it. */
  get name(): string {
    return this.kind.name;
  }
}

let open: (value: unknown) => Request | null;

/**
 * A request as the task holds and yields it. It hides the request: code under test that inspects it finds neither the
 * machine's objects nor a way to perform it.
 */
class Ticket<R> implements Op<R>, Iterator<Request, R, unknown> {
  readonly #request: Request;
  #phase = 0;

  constructor(request: Request) {
    this.#request = request;
  }

  static {
    open = (value) =>
      typeof value === 'object' && value !== null && #request in value ? value.#request : null;
  }

  [Symbol.iterator](): this {
    if (this.#phase === 0) {
      this.#phase = 1;
      started(this.#request);
    }
    return this;
  }

  next(): IteratorResult<Request, R> {
    if (this.#phase === 1) {
      this.#phase = 2;
      handedOver.done = false;
      handedOver.value = this;
    } else {
      handedOver.value = this.#request.take();
      handedOver.done = true;
      this.#phase = 1;
    }
    return handedOver as IteratorResult<Request, R>; // the machine resumes a task with the result of perform()
  }
}

/** The request of a yielded value; null for anything that is not an operation, such as forgeries and proxies. */
export function requestIn(yielded: unknown): Request | null {
  const request = open(yielded);
  forgetResult();
  return request;
}

/** Empties the object that hands over: a task that kept it would see in it what others do. */
export function forgetResult(): void {
  handedOver.done = false;
  handedOver.value = undefined;
}

/**
 * `yield*` passes on the result object of an inner iterator without copying it, so a getter in one can say 'not done' to
 * `yield*` and 'done' to the machine. At the end of a generator the result object is the engine's own.
 */
export function mustBeOver(result: object): void {
  if (Object.getOwnPropertyDescriptor(result, 'done')?.value === true) return;
  throw new UsageError('an iterator says that it is done and goes on');
}

/** What a composite is run by. Nobody gets at the generator itself, which could be ended half-way. */
class Steps<T> implements Iterator<Request, T, unknown> {
  readonly #steps: Iterator<Request, T, unknown>;

  constructor(steps: Iterator<Request, T, unknown>) {
    this.#steps = steps;
  }

  next(value: unknown): IteratorResult<Request, T> {
    return this.#steps.next(value);
  }
}

/** A primitive written as generator code over smaller operations. */
class Composite<T> implements Op<T> {
  readonly #steps: Steps<T>;
  #unstarted: { readonly name: string; readonly site: string } | null;

  constructor(name: string, steps: Op<T>) {
    this.#steps = new Steps(steps[Symbol.iterator]());
    this.#unstarted = { name, site: here() };
    unstarted.push(this.#unstarted);
  }

  [Symbol.iterator](): Iterator<Request, T, unknown> {
    if (this.#unstarted !== null) {
      started(this.#unstarted);
      this.#unstarted = null;
    }
    return this.#steps;
  }
}

sealPrototype(Ticket.prototype);
sealPrototype(Steps.prototype);
sealPrototype(Composite.prototype);

/** Builds an operation on an object, with the arguments of its kind. Its result is that of the kind's perform(). */
export function request<O extends MachineObject | null, A extends Arguments, R>(
  kind: Kind<O, A, R>,
  object: NoInfer<O>,
  ...args: NoInfer<A>
): Op<R>;
export function request(
  kind: Kind,
  object: MachineObject | null,
  a?: unknown,
  b?: unknown,
): Op<unknown> {
  return new Ticket(new Request(kind, object, 0, a, b)); // no array of arguments, as most operations have none
}

/** request() for one location of an object with several. */
export function requestAt<O extends MachineObject, A extends Arguments, R>(
  kind: Kind<O, A, R>,
  object: NoInfer<O>,
  index: number,
  ...args: NoInfer<A>
): Op<R>;
export function requestAt(
  kind: Kind,
  object: MachineObject,
  index: number,
  a?: unknown,
  b?: unknown,
): Op<unknown> {
  return new Ticket(new Request(kind, object, index, a, b));
}

/** A composite primitive; messages about a forgotten `yield*` call it `name`. */
export function composite<T>(name: string, steps: Op<T>): Op<T> {
  return new Composite(name, steps);
}
