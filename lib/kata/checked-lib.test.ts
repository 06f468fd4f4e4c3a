// SPDX-License-Identifier: GPL-2.0-only
/** What a driver can call is the library, and an object does not get in where a number belongs. */
import * as driverLib from '../driver-lib';
import { checkedLib, whileDeclaring } from './checked-lib';
import { PARAMETERS } from './lib-names';

const sneaky = { n: 0, valueOf: () => -5, toString: () => 'x' };

function call(name: string, ...args: readonly unknown[]): () => unknown {
  return () =>
    whileDeclaring(() => (checkedLib[name] as (...args: readonly unknown[]) => unknown)(...args));
}

it('has the names of the library, and values other than functions unchanged', () => {
  expect(Object.keys(checkedLib)).toEqual(Object.keys(driverLib));
  expect(checkedLib['int']).toBe(driverLib.int);
  expect(checkedLib['schedule']).toBe(driverLib.schedule);
  expect(call('ERR_PTR', -5)()).toBe(driverLib.ERR_PTR(-5));
});

it('has an entry for every function', () => {
  const functions = Object.entries(driverLib).filter(([, value]) => typeof value === 'function');
  expect(Object.keys(PARAMETERS)).toEqual(functions.map(([name]) => name).sort());
});

const FITTING: Readonly<Record<string, unknown>> = {
  ...{ number: 1, field: 'x', name: 'x', string: 'x', boolean: true, table: {}, fields: {} },
  ...{ type: driverLib.list_head, scalar: driverLib.int, array: [], out: { value: 0 }, info: {} },
};
/** What anything fits, or what is looked at when it is copied. */
const OPEN = new Set(['own', '...', 'attribute', 'table', 'fields', 'info', 'out']);

it.each(Object.entries(PARAMETERS))('%s takes what its types say', (name, words) => {
  for (const [i, word] of words.entries()) {
    if (OPEN.has(word.replace('?', ''))) continue;
    const args = words.map((each) => FITTING[each] ?? null);
    const refused =
      word === 'value' ? 'can be stored in memory' : `argument ${i + 1} of ${name}() is not `;
    expect(call(name, ...args.with(i, sneaky))).toThrow(refused);
  }
});

it('copies tables, so that they cannot be another thing by the next time they are asked', () => {
  let asked = 0;
  const options = {
    get bits() {
      return ++asked;
    },
  };
  expect(call('DEFINE_IDR', 'sneaky', options)).toThrow('a table has values, and no get');
  expect(
    call('struct', 'sneaky', {
      get x() {
        return driverLib.int;
      },
    }),
  ).toThrow('no get');
  expect(
    call('DEFINE_GENL_FAMILY', 'sneaky', {
      small_ops: [
        {
          cmd: 1,
          doit: null,
          get x() {
            return 1;
          },
        },
      ],
    }),
  ).toThrow('no get');
  expect(asked).toBe(0);
});

it('lets nobody pass for a type', () => {
  const { kref } = driverLib;
  const fields = { kref };
  expect(call('struct', 'sneaky', { x: { typeName: 'kref' } })).toThrow(
    'has a type of the library',
  );
  expect(call('DEFINE_STATIC', 'sneaky', { typeName: 'x', fields })).toThrow(
    'is not a structure type',
  );
});

it('tells kernel objects by what they are, not by what they are called', () => {
  const { atomic_t, DEFINE_ATOMIC, DEFINE_STATIC, int, struct } = driverLib;
  const impostor = DEFINE_STATIC('impostor', struct('atomic_t', { counter: int }));
  expect(call('atomic_read', impostor)).toThrow('argument 1 of atomic_read() is not an atomic_t');
  expect(call('prepare_to_wait', DEFINE_ATOMIC('a', 0))).toThrow('is not a wait_queue_head_t');
  const member = DEFINE_STATIC('holder', struct('holder', { count: atomic_t })).count;
  expect(call('atomic_read', member)).not.toThrow();
});

it('declares nothing once the file scope is over, whatever the function is called', () => {
  const { DEFINE_STATIC: renamed, struct } = checkedLib as typeof driverLib;
  const types = whileDeclaring(() => struct('late', { n: driverLib.int }));
  expect(() => renamed('late', types)).toThrow(
    'DEFINE_STATIC() declares something that lasts; move it to file scope',
  );
});
