// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import { type Op, struct, type StructOf } from '../machine';
import { device, device_initialize, get_device, put_device } from './device';
import { kobject, kobject_get, kobject_init, kobject_put } from './kobject';
import { container_of } from './list';
import { GFP_KERNEL, kfree, kzalloc } from './slab';

const client = struct('client', { kobj: kobject, dev: device });
type Client = StructOf<typeof client>;

function* release(kobj: kobject): Op<void> {
  yield* kfree(container_of(kobj, client, 'kobj'));
}

/** What is complained of when one task does this with a client. */
function complaints(body: (one: Client) => Op<unknown>): readonly string[] {
  const seen = agree({
    tasks: {
      *a() {
        const one = yield* kzalloc(client, GFP_KERNEL);
        if (one !== null) yield* body(one);
      },
    },
  });
  return seen.complaints;
}

it('the last kobject_put() releases, once, whichever task it is in', () => {
  let releases = 0;
  const put = function* (one: Client | null): Op<void> {
    if (one !== null) yield* kobject_put(one.kobj);
  };
  const seen = agree({
    *setup() {
      releases = 0;
      const one = yield* kzalloc(client, GFP_KERNEL);
      if (one === null) return null;
      yield* kobject_init(one.kobj, function* () {
        releases++;
      });
      yield* kobject_get(one.kobj);
      return one;
    },
    tasks: { a: put, b: put },
    *check() {
      if (releases !== 1) throw new TypeError(`${releases} releases`);
    },
  });
  expect(seen).toMatchObject({ surplus: 0, blocked: 0, complaints: [], findings: [] });
});

it('complains of a kobject that is initialised twice, or not at all', () => {
  const twice = complaints(function* (one) {
    yield* kobject_init(one.kobj, release);
    yield* kobject_init(one.kobj, release);
  });
  expect(twice).toEqual([
    'warn: kobject (client#1.kobj): tried to init an initialized object, something is seriously wrong.',
  ]);
  const never = complaints((one) => kobject_get(one.kobj));
  expect(never[1]).toBe(
    "warn: kobject: '(null)' (client#1.kobj): is not initialized, yet kobject_get() is being called.",
  );
});

it('complains of a device without a release() function, and not of one with it', () => {
  const puts = (has: boolean): readonly string[] =>
    complaints(function* (one) {
      if (has) {
        one.dev.release = function* (dev) {
          yield* kfree(container_of(dev, client, 'dev'));
        };
      }
      yield* device_initialize(one.dev);
      yield* get_device(one.dev);
      yield* put_device(one.dev);
      yield* put_device(one.dev);
    });
  expect(puts(true)).toEqual([]);
  expect(puts(false)).toEqual([
    "warn: Device 'client#1.dev' does not have a release() function, it is broken and must be fixed. See Documentation/core-api/kobject.rst.",
  ]);
});
