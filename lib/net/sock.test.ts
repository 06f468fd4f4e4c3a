// SPDX-License-Identifier: GPL-2.0-only
import { agree, survey } from '../explore/testing/small-program';
import {
  finish_wait,
  GFP_KERNEL,
  int,
  kzalloc,
  prepare_to_wait,
  schedule,
  TASK_UNINTERRUPTIBLE,
  wake_up,
} from '../kernel';
import { current, onCpu, type Op, struct, type StructOf } from '../machine';
import { skb_dequeue, skb_peek, skb_queue_len, skb_queue_tail, skb_unlink } from './skb-queue';
import { alloc_skb, kfree_skb, skb_get } from './skbuff';
import {
  lock_sock,
  release_sock,
  sk_sleep,
  sock,
  sock_hold,
  sock_init_data,
  sock_put,
} from './sock';

const packet_sock = struct('packet_sock', { sk: sock, version: int, wrong: int });
type Packet = StructOf<typeof packet_sock>;

function* made(): Op<Packet | null> {
  const po = yield* kzalloc(packet_sock, GFP_KERNEL);
  if (po !== null) yield* sock_init_data(po.sk);
  return po;
}

const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] };

it('lock_sock() keeps two tasks apart', () => {
  const seen = new Set<number>();
  const twice = function* (po: Packet | null): Op<void> {
    if (po === null) return;
    yield* lock_sock(po.sk);
    po.version++;
    yield* release_sock(po.sk);
  };
  const result = agree({
    setup: made,
    tasks: { a: twice, b: twice },
    *check(po) {
      seen.add(po?.version ?? -1);
    },
  });
  expect(result).toMatchObject({ ...fine, executions: 2 });
  expect([...seen]).toEqual([2]);
});

it('a task that waits for a change with the socket unlocked does not miss it', () => {
  const wait = function* (po: Packet | null): Op<void> {
    if (po === null) return;
    yield* lock_sock(po.sk);
    yield* prepare_to_wait(sk_sleep(po.sk), TASK_UNINTERRUPTIBLE);
    while (po.version === 0) {
      yield* release_sock(po.sk);
      yield* schedule();
      yield* lock_sock(po.sk);
      yield* prepare_to_wait(sk_sleep(po.sk), TASK_UNINTERRUPTIBLE);
    }
    yield* finish_wait(sk_sleep(po.sk));
    yield* release_sock(po.sk);
  };
  const change = function* (po: Packet | null): Op<void> {
    if (po === null) return;
    yield* lock_sock(po.sk);
    po.version = 1;
    yield* wake_up(sk_sleep(po.sk));
    yield* release_sock(po.sk);
  };
  expect(agree({ setup: made, tasks: { wait, change } })).toMatchObject(fine);
});

it('sock_put() frees the structure around the socket, with its packets, once', () => {
  let destroyed = 0;
  const put = function* (po: Packet | null): Op<void> {
    if (po !== null) yield* sock_put(po.sk);
  };
  const result = agree({
    *setup() {
      destroyed = 0;
      const po = yield* made();
      const skb = yield* alloc_skb(1, GFP_KERNEL);
      if (po === null || skb === null) return null;
      po.sk.sk_destruct = function* () {
        destroyed++;
      };
      yield* skb_queue_tail(po.sk.sk_receive_queue, skb);
      yield* sock_hold(po.sk);
      return po;
    },
    tasks: { a: put, b: put },
    *check(po) {
      if (destroyed !== 1) throw new TypeError(`destroyed ${destroyed} times`);
      if (po !== null) yield* sock_put(po.sk);
    },
  });
  expect(result.complaints).toEqual(['refcount: underflow; use-after-free']);
});

it('a queue gives each packet to one task, in order', () => {
  const seen = new Set<string>();
  const result = agree({
    *setup() {
      const po = yield* made();
      for (const size of [1, 2]) {
        const skb = yield* alloc_skb(size, GFP_KERNEL);
        if (po !== null && skb !== null) yield* skb_queue_tail(po.sk.sk_receive_queue, skb);
      }
      return { po, got: [0, 0] };
    },
    tasks: {
      *a({ po, got }) {
        const skb = po === null ? null : yield* skb_dequeue(po.sk.sk_receive_queue);
        got[0] = skb?.len ?? 0;
        yield* kfree_skb(skb);
      },
      *b({ po, got }) {
        const skb = po === null ? null : yield* skb_dequeue(po.sk.sk_receive_queue);
        got[1] = skb?.len ?? 0;
        yield* kfree_skb(skb);
      },
    },
    *check({ po, got }) {
      seen.add(`${got.join()} ${po === null ? -1 : skb_queue_len(po.sk.sk_receive_queue)}`);
    },
  });
  expect(result).toMatchObject(fine);
  expect([...seen].sort()).toEqual(['1,2 0', '2,1 0']);
});

it('an interrupt handler and a task may use one queue', () => {
  const result = survey({
    *setup() {
      const po = yield* made();
      const skb = yield* alloc_skb(1, GFP_KERNEL);
      if (po === null || skb === null) return po;
      const received = function* (): Op<void> {
        yield* skb_queue_tail(po.sk.sk_receive_queue, skb);
      };
      current.machine.spawn('irq/11', () => onCpu(received()), 'hardirq');
      return po;
    },
    tasks: {
      *a(po) {
        if (po !== null) yield* kfree_skb(yield* skb_dequeue(po.sk.sk_receive_queue));
      },
    },
  });
  expect(result).toMatchObject(fine);
});

it('a packet that is taken off its queue twice has no neighbours', () => {
  const unlink = (times: number): readonly string[] =>
    agree({
      setup: made,
      tasks: {
        *a(po) {
          const skb = yield* alloc_skb(1, GFP_KERNEL);
          if (po === null || skb === null) return;
          const queue = po.sk.sk_receive_queue;
          yield* skb_queue_tail(queue, yield* skb_get(skb));
          if (skb_peek(queue) !== skb) throw new TypeError('not the first');
          for (let i = 0; i < times; i++) yield* skb_unlink(skb, queue);
        },
      },
    }).findings;
  expect(unlink(1)).toEqual([]);
  expect(unlink(2)).toHaveLength(1);
});
