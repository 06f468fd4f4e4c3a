// SPDX-License-Identifier: GPL-2.0-only
/** Every access of tasks to the parts of a world is reported; the values they keep there do not change. */
import { trackedWorld } from './tracked-world';

function touches(act: (world: { list: number[]; map: Map<string, number> }) => void): string {
  let told = '';
  act(
    trackedWorld({ list: [1, 2], map: new Map([['a', 1]]) }, (write) => {
      told += write ? 'w' : 'r';
    }),
  );
  return told;
}

it('reports reads and writes of lists and objects', () => {
  expect(touches(({ list }) => list.length)).toBe('rr');
  expect(touches(({ list }) => void list.shift())).toMatch(/^r+w/);
  expect(touches((world) => (world.list = []))).toBe('w');
  expect(touches(({ list }) => void Object.keys(list))).toBe('rr');
});

it('leaves other objects alone, and keeps equal objects equal', () => {
  const world = trackedWorld({ map: new Map([['a', 1]]), list: [0] }, () => undefined);
  expect(world.map.get('a')).toBe(1);
  expect(world.list).toBe(world.list);
  expect(world.list.concat(1)).toEqual([0, 1]);
});
