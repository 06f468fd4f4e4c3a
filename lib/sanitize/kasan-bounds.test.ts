// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import {
  array,
  DECLARE_STRUCT_ONSTACK,
  DEFINE_STATIC,
  GFP_KERNEL,
  int,
  kfree,
  kzalloc,
  memset,
  ptr,
  rcu_access_pointer,
  READ_ONCE,
  smp_load_acquire,
  smp_store_release,
  WRITE_ONCE,
} from '../kernel';
import { type Handle, type Op, struct, type StructOf } from '../machine';
import { kasan } from './kasan';
import { look, type Told, told } from './testing/told';

const tty_buffer = struct('tty_buffer', {
  used: int,
  data: array(int, 4),
  pages: array(ptr<Handle>(), 2),
  tail: int,
});
interface tty_buffer extends StructOf<typeof tty_buffer> {}

type Use = (tb: tty_buffer) => Op<unknown> | undefined;

function using(use: Use): Told {
  function* pty_write(): Op<void> {
    const tb = yield* kzalloc(tty_buffer, GFP_KERNEL);
    if (tb === null) return;
    const op = use(tb);
    if (op !== undefined) yield* op;
    yield* kfree(tb);
  }
  return told(dpor, [kasan()], (machine) => {
    machine.spawn('pty', pty_write);
  });
}

/** A task that reads or writes one element in plain code. */
const reading = (index: number): Use => {
  return ({ data }) => {
    look(data[index]);
    return undefined;
  };
};
const writing = (index: number): Use => {
  return ({ data }) => {
    data[index] = 1;
    return undefined;
  };
};

/** Drivers can pass such an index only by casting. */
const cast = (key: unknown): number => key as number;

describe('kasan: bounds of arrays', () => {
  const oob = ['slab-out-of-bounds'];
  const table: [what: string, use: Use, kinds: string[]][] = [
    ['a plain read of the last element', reading(3), []],
    ['a plain read one after it', reading(4), oob],
    ['a plain read before the first', reading(-1), oob],
    ['a plain read between two', reading(0.5), oob],
    ['a plain read far out', reading(1e21), oob],
    ['a plain write of the last element', writing(3), []],
    ['a plain write one after it', writing(4), oob],
    ['a plain write before the first', writing(-1), oob],
    ['a plain read and write', ({ data }) => void (data[4] = (data[4] ?? 0) + 1), oob],
    ['READ_ONCE() of the last element', ({ data }) => READ_ONCE(data, 3), []],
    ['READ_ONCE() after it', ({ data }) => READ_ONCE(data, 4), oob],
    ['WRITE_ONCE() of the last element', ({ data }) => WRITE_ONCE(data, 3, 1), []],
    ['WRITE_ONCE() after it', ({ data }) => WRITE_ONCE(data, 4, 1), oob],
    ['smp_load_acquire() after it', ({ data }) => smp_load_acquire(data, 4), oob],
    ['smp_store_release() after it', ({ data }) => smp_store_release(data, 4, 1), oob],
    ['rcu_access_pointer() of a pointer', ({ pages }) => rcu_access_pointer(pages, 1), []],
    ['rcu_access_pointer() after the last', ({ pages }) => rcu_access_pointer(pages, 2), oob],
    ['an index that is another spelling', reading(cast('01')), oob],
    ['no index', reading(cast('length')), ['exception']],
    ['undefined as an index', reading(cast(undefined)), ['exception']],
    ['NaN as an index', writing(cast(NaN)), ['exception']],
  ];

  it.each(table)('%s', (_what, use, kinds) => {
    expect(using(use).kinds).toEqual(kinds);
  });

  it('names the object of the array and the side of the access', () => {
    function* n_tty_write(tb: tty_buffer): Op<void> {
      yield* WRITE_ONCE(tb.data, 4, 0);
    }
    expect(using(n_tty_write).report('slab-out-of-bounds')).toMatchInlineSnapshot(`
      "BUG: KASAN: slab-out-of-bounds in n_tty_write
      Write of size 4 at addr tty_buffer#1.data[4] by task pty/101

      CPU: 1 PID: 101 Comm: pty
      Call Trace:
       n_tty_write driver.ts
       pty_write driver.ts

      Allocated by task 101:
       pty_write driver.ts

      The buggy address belongs to the object tty_buffer#1
       which belongs to the cache tty_buffer of size 40
      The array tty_buffer#1.data has the elements 0 to 3
      =================================================================="
    `);
  });

  const static_buffer = DEFINE_STATIC('static_buffer', tty_buffer);

  it.each<[region: string, made: () => Op<tty_buffer>]>([
    [
      'global',
      function* made(): Op<tty_buffer> {
        yield* memset(static_buffer, 0);
        return static_buffer;
      },
    ],
    ['stack', () => DECLARE_STRUCT_ONSTACK(tty_buffer, 'tb')],
  ])('tells an array in %s memory from one in the slab', (region, made) => {
    const found = told(dpor, [kasan()], (machine) => {
      machine.spawn('pty', function* pty_write(): Op<void> {
        const { data } = yield* made();
        data[4] = 1;
      });
    });
    expect(found.kinds).toEqual([`${region}-out-of-bounds`]);
  });

  it('faults even if KASAN is off', () => {
    const found = told(dpor, [], (machine) => {
      machine.spawn('pty', function* pty_write(): Op<void> {
        const tb = yield* kzalloc(tty_buffer, GFP_KERNEL);
        if (tb !== null) tb.data[4] = 1;
      });
    });
    expect(found.kinds).toEqual(['wild-access']);
  });
});
