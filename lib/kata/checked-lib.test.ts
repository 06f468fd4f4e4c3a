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
  expect(checkedLib['spin_lock']).toBe(driverLib.spin_lock);
  expect(call('ERR_PTR', -5)()).toBe(driverLib.ERR_PTR(-5));
});

it.each(Object.entries(PARAMETERS))('%s takes what its types say: %s', (name, kinds) => {
  const fit = { n: 1, s: 'x', b: true, '-': null };
  for (const [i, kind] of Array.from(kinds).entries()) {
    if (kind === '-') continue;
    const args = Array.from(kinds, (each) => fit[each as keyof typeof fit]);
    expect(call(name, ...args.with(i, sneaky as never))).toThrow(
      `argument ${i + 1} of ${name}() is no `,
    );
  }
});
