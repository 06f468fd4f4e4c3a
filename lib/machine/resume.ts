// SPDX-License-Identifier: GPL-2.0-only
/** How the machine resumes a task's code. */
import type { Request } from './op';

/** %GeneratorPrototype%.next, captured before any driver is loaded. It accepts only genuine generators. */
const generatorPrototype = Object.getPrototypeOf(
  Object.getPrototypeOf((function* (): Generator<never> {})()),
) as Generator<Request, unknown>; // what all generators have next() from
/** Resumes a generator with a value. */
export const resume = Function.prototype.call.bind(
  // eslint-disable-next-line @typescript-eslint/unbound-method -- bound to the generator at each call
  generatorPrototype.next,
) as (generator: Generator<Request, unknown>, value: unknown) => IteratorResult<Request, unknown>; // call() takes what the method has as its this
