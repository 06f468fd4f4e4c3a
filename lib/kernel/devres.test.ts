// SPDX-License-Identifier: GPL-2.0-only
import { agree, type Seen } from '../explore/testing/small-program';
import { alive } from '../scenario/expect';
import { type Handle, type Op, struct, type StructOf } from '../machine';
import { device, device_initialize, put_device } from './device';
import {
  devm_add_action,
  devm_add_action_or_reset,
  devm_kfree,
  devm_kzalloc,
  devm_release_action,
  devm_remove_action,
  devres_release_all,
} from './devres';
import { ENOENT, ENOMEM } from './err';
import { container_of } from './list';
import { GFP_KERNEL, kfree, kzalloc } from './slab';
import { int } from './types';

const client = struct('client', { dev: device });
const buffer = struct('buffer', { size: int });
type Buffer = StructOf<typeof buffer>;

const called: number[] = [];

function* stop(data: Handle | null): Op<void> {
  called.push((data as Buffer).size);
}

function* release(dev: device): Op<void> {
  yield* kfree(container_of(dev, client, 'dev'));
}

function* make(): Op<device> {
  const made = yield* kzalloc(client, GFP_KERNEL);
  if (made === null) throw new TypeError('no memory');
  made.dev.release = release;
  yield* device_initialize(made.dev);
  return made.dev;
}

function* buffered(dev: device, size: number): Op<Buffer> {
  const made = yield* devm_kzalloc(dev, buffer, GFP_KERNEL);
  if (made === null) throw new TypeError('no memory');
  made.size = size;
  return made;
}

/** Runs a body alone with a device: what it gave, and what was found. */
function alone(
  body: (dev: device, out: unknown[]) => Op<unknown>,
  failures: Readonly<Record<string, number>> = {},
): { out: unknown[]; seen: Seen } {
  const out: unknown[] = [];
  const seen = agree({
    failures,
    tasks: {
      *a() {
        called.length = out.length = 0;
        yield* body(yield* make(), out);
      },
    },
  });
  return { out, seen };
}

it('releases the youngest first, and each once', () => {
  const { out, seen } = alone(function* (dev, results) {
    const [one, two] = [yield* buffered(dev, 1), yield* buffered(dev, 2)];
    for (const data of [two, one, two]) yield* devm_add_action(dev, stop, data);
    results.push(yield* devres_release_all(dev), yield* devres_release_all(dev));
    results.push(called.join(' '), alive(one), alive(two));
    yield* put_device(dev);
  });
  expect(out).toEqual([5, 0, '2 1 2', false, false]);
  expect(seen).toMatchObject({ complaints: [], findings: [] });
});

it('takes single resources back: the youngest of those that are meant', () => {
  const { out, seen } = alone(function* (dev, results) {
    const [one, two] = [yield* buffered(dev, 1), yield* buffered(dev, 2)];
    for (const data of [one, two]) yield* devm_add_action(dev, stop, data);
    results.push(yield* devm_remove_action(dev, stop, one), called.length);
    results.push(yield* devm_release_action(dev, stop, two), called.join(' '));
    results.push(
      yield* devm_remove_action(dev, stop, one),
      yield* devm_release_action(dev, stop, two),
    );
    yield* devm_kfree(dev, one);
    yield* devm_kfree(dev, null);
    results.push(alive(one), yield* devres_release_all(dev), called.length);
    yield* put_device(dev);
  });
  expect(out).toEqual([0, 0, 0, '2', -ENOENT, -ENOENT, false, 1, 1]);
  expect(seen).toMatchObject({ complaints: [], findings: [] });
});

it('goes with the device, if it is not gone before', () => {
  const { out } = alone(function* (dev, results) {
    const one = yield* buffered(dev, 1);
    yield* devm_add_action(dev, stop, one);
    yield* put_device(dev);
    results.push(called.join(' '), alive(one));
  });
  expect(out).toEqual(['1', false]);
});

it('calls the action at once when there is no memory for it, and only if that was asked', () => {
  const seen = new Set<string>();
  alone(
    function* (dev) {
      const one = yield* buffered(dev, 7);
      const first = yield* devm_add_action(dev, stop, one);
      const before = called.length;
      const second = yield* devm_add_action_or_reset(dev, stop, one);
      seen.add(`${first} ${before} ${second} ${called.length}`);
      yield* put_device(dev);
    },
    { devm_add_action: 1 },
  );
  expect([...seen].sort()).toEqual([`${-ENOMEM} 0 0 0`, `0 0 ${-ENOMEM} 1`, '0 0 0 0']);
});

it('gives no memory where there is none, and adds nothing', () => {
  const seen = new Set<string>();
  alone(
    function* (dev) {
      const made = yield* devm_kzalloc(dev, buffer, GFP_KERNEL);
      seen.add(`${made !== null} ${yield* devres_release_all(dev)}`);
      yield* put_device(dev);
    },
    { devm_kzalloc: 1 },
  );
  expect([...seen].sort()).toEqual(['false 0', 'true 1']);
});

it('keeps a list that two tasks add to', () => {
  const counts = new Set<number>();
  const add = (dev: device): Op<unknown> => buffered(dev, 1);
  const seen = agree({
    setup: make,
    tasks: { a: add, b: add },
    *check(dev) {
      counts.add(yield* devres_release_all(dev));
      yield* put_device(dev);
    },
  });
  expect([...counts]).toEqual([2]);
  expect(seen).toMatchObject({ executions: 2, surplus: 0, complaints: [], findings: [] });
});
