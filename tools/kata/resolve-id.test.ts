// SPDX-License-Identifier: GPL-2.0-only
import { idInPath, resolveId } from './resolve-id';

const ids = ['00-lost-update', '01-rbd-put-client', '02-rbd-destroy-unlocked', '12-aio-free-ioctx'];

it.each([
  ['0', '00-lost-update'],
  ['00', '00-lost-update'],
  ['1', '01-rbd-put-client'],
  ['01', '01-rbd-put-client'],
  ['12', '12-aio-free-ioctx'],
  ['rbd-put-client', '01-rbd-put-client'],
  ['RBD-Put-Client', '01-rbd-put-client'],
  ['02-rbd-destroy-unlocked', '02-rbd-destroy-unlocked'],
  ['katas/01-rbd-put-client/', '01-rbd-put-client'],
  ['katas/01-rbd-put-client/rbd.ts', '01-rbd-put-client'],
])('%s is %s', (name, id) => {
  expect(resolveId(name, ids)).toBe(id);
});

it.each([
  ['rbd-put-clinet', "did you mean 'rbd-put-client'? "],
  ['01-rbd-put-clien', "did you mean '01-rbd-put-client'? "],
  ['rbd', "did you mean '01-rbd-put-client' or '02-rbd-destroy-unlocked'? "],
  ['3', ''],
  ['001', ''],
  ['-1', ''],
  ['', ''],
  ['zzz', ''],
])('a miss says what may have been meant: %s', (name, suggestion) => {
  const between = suggestion === '' ? ' ' : `; ${suggestion}`;
  expect(() => resolveId(name, ids)).toThrow(
    `there is no kata '${name}'${between}(npx kata list shows them all)`,
  );
});

it('finds the kata a path leads through, and none in another path', () => {
  expect(idInPath('../solutions/12-aio-free-ioctx/wrong/aio.ts', ids)).toBe('12-aio-free-ioctx');
  expect(idInPath('/tmp/12-aio-free-ioctx.ts', ids)).toBeNull();
});
