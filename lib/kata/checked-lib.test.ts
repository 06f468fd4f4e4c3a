// SPDX-License-Identifier: GPL-2.0-only
/** What a driver can call is the library, and an object does not get in where a number belongs. */
import * as driverLib from '../driver-lib';
import { checkedLib } from './checked-lib';
import { PARAMETERS } from './lib-names';

const sneaky = { n: 0, valueOf: () => -5, toString: () => 'x' };

function call(name: string, ...args: readonly unknown[]): () => unknown {
  return () => (checkedLib[name] as (...args: readonly unknown[]) => unknown)(...args);
}

it('has the names of the library, and what is no function as it is', () => {
  expect(Object.keys(checkedLib)).toEqual(Object.keys(driverLib));
  expect(checkedLib['int']).toBe(driverLib.int);
  expect(checkedLib['schedule']).toBe(driverLib.schedule);
  expect(call('ERR_PTR', -5)()).toBe(driverLib.ERR_PTR(-5));
});

it.each(Object.entries(PARAMETERS))('%s takes what its types say', (name, kinds) => {
  const fit = (kind: string): unknown => ({ number: 1, string: 'x', boolean: true })[kind] ?? null;
  for (const [i, kind] of kinds.entries()) {
    if (kind === '') continue;
    const args = kinds.map(fit);
    expect(call(name, ...args.with(i, sneaky as never))).toThrow(
      `argument ${i + 1} of ${name}() is no `,
    );
  }
});

it('tells kernel objects by what they are, not by what they are called', () => {
  const { atomic_t, DEFINE_ATOMIC, DEFINE_STATIC, int, struct } = driverLib;
  const impostor = DEFINE_STATIC('impostor', struct('atomic_t', { counter: int }));
  expect(call('atomic_read', impostor)).toThrow('argument 1 of atomic_read() is no atomic_t');
  expect(call('prepare_to_wait', DEFINE_ATOMIC('a', 0))).toThrow('is no wait_queue_head_t');
  const member = DEFINE_STATIC('holder', struct('holder', { count: atomic_t })).count;
  expect(call('atomic_read', member)).not.toThrow();
});
