// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import { type Op, struct, type StructOf } from '../machine';
import { kfree_sensitive, kmemdup } from './kmemdup';
import { list_head } from './list';
import { GFP_KERNEL, kfree, kzalloc } from './slab';
import { int, text } from './types';

const options = struct('options', { size: int, name: text });
const linked = struct('linked', { size: int, node: list_head });

/** What a task gives that runs alone, and what is said. */
function alone(body: () => Op<unknown>): { given: unknown; said: string } {
  let given: unknown;
  const { complaints, findings } = agree({
    tasks: {
      *a() {
        given = yield* body();
      },
    },
  });
  return { given, said: [...complaints, ...findings].join() };
}

function* copy(): Op<unknown> {
  const one = yield* kzalloc(options, GFP_KERNEL);
  if (one === null) return null;
  one.size = 7;
  one.name = 'seven';
  const two: StructOf<typeof options> | null = yield* kmemdup(one, options, GFP_KERNEL);
  one.size = 8;
  yield* kfree_sensitive(one);
  const found = `${two?.size} ${two?.name}`;
  yield* kfree(two);
  return found;
}

it('copies the fields, and the copy outlives what it is a copy of', () => {
  expect(alone(copy)).toEqual({ given: '7 seven', said: '' });
});

it('faults for a structure whose members cannot be copied', () => {
  const body = function* (): Op<unknown> {
    const one = yield* kzalloc(linked, GFP_KERNEL);
    return one === null ? null : yield* kmemdup(one, linked, GFP_KERNEL);
  };
  expect(alone(body).said).toContain('node is embedded');
});
