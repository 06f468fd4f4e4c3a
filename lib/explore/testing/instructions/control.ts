// SPDX-License-Identifier: GPL-2.0-only
/** Choices, and memory that is published, used and freed. */
import * as k from '../../../kernel';
import { struct, type StructOf } from '../../../machine';
import { doing, giving, type Make, pick, two } from './kit';

const cell = struct('cell', { x: k.int, y: k.int });
type cell = StructOf<typeof cell>;
const slots = two((name) => k.static_var<cell | null>(name, null), 'p');

export const control: Make[] = [
  () => giving("mayFail('it')", () => k.mayFail('it')),
  () =>
    doing('publish', function* () {
      const object = yield* k.kzalloc(cell, k.GFP_ATOMIC);
      yield* k.WRITE_ONCE(pick(slots, 0), 'value', object);
    }),
  (_i, value) =>
    doing(`p0->x = ${value}`, function* () {
      const object = yield* k.READ_ONCE(pick(slots, 0), 'value');
      if (object !== null) object.x = value;
    }),
  () =>
    doing('last = p0->x', function* (registers) {
      const object = yield* k.READ_ONCE(pick(slots, 0), 'value');
      if (object !== null) registers.last = object.x;
    }),
  () =>
    doing('kfree(p0)', function* () {
      yield* k.kfree(yield* k.READ_ONCE(pick(slots, 0), 'value'));
    }),
];
