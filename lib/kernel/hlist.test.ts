// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import { agree } from '../explore/testing/small-program';
import { type Op, struct, type StructOf } from '../machine';
import { allMonitors } from '../sanitize';
import { told } from '../sanitize/testing/told';
import {
  hlist_add_before,
  hlist_add_behind,
  hlist_add_head,
  hlist_del,
  hlist_del_init,
  hlist_empty,
  hlist_for_each_entry,
  hlist_for_each_entry_safe,
  HLIST_HEAD,
  hlist_move_list,
  hlist_node,
  hlist_unhashed,
} from './hlist';
import {
  hlist_add_before_rcu,
  hlist_add_behind_rcu,
  hlist_add_head_rcu,
  hlist_del_init_rcu,
  hlist_del_rcu,
  hlist_first_or_null_rcu,
  hlist_next_or_null_rcu,
} from './rculist-hlist';
import { kfree_rcu } from './kfree-rcu';
import { rcu_head } from './rcu-callback';
import { rcu_read_lock, rcu_read_unlock } from './rcupdate';
import { GFP_KERNEL, kfree, kzalloc } from './slab';
import { DEFINE_STATIC } from './static-var';
import { int } from './types';

const client = struct('client', { id: int, node: hlist_node, rcu: rcu_head });
interface client extends StructOf<typeof client> {}
const [bucket, second] = [HLIST_HEAD('bucket'), HLIST_HEAD('second')];
const [one, two, three] = [
  DEFINE_STATIC('one', client),
  DEFINE_STATIC('two', client),
  DEFINE_STATIC('three', client),
];

const ids = (list: typeof bucket): number[] =>
  [...hlist_for_each_entry(list, client, 'node')].map(({ id }) => id);

/** What the body returns in one task, and everything that was said. */
function run(body: () => unknown): { result: unknown; said: readonly string[] } {
  let result: unknown;
  const { complaints, findings } = agree({
    tasks: {
      *a() {
        yield* kfree(null);
        [one.id, two.id, three.id] = [1, 2, 3];
        result = body();
      },
    },
  });
  return { result, said: [...complaints, ...findings] };
}

it('keeps the order of nodes, wherever they are added and removed', () => {
  const body = (): unknown => {
    hlist_add_head(two.node, bucket);
    hlist_add_before(one.node, two.node);
    hlist_add_behind(three.node, two.node);
    const all = ids(bucket);
    hlist_del(two.node);
    const ends = ids(bucket);
    hlist_del(one.node);
    hlist_move_list(bucket, second);
    return [all, ends, ids(second), hlist_empty(bucket), hlist_unhashed(one.node)];
  };
  expect(run(body)).toEqual({ result: [[1, 2, 3], [1, 3], [3], true, false], said: [] });
});

it('lets the safe walk delete the node it stands on, and the last in the place of the first', () => {
  const body = (): unknown => {
    for (const each of [one, two, three]) hlist_add_head(each.node, bucket);
    for (const each of hlist_for_each_entry_safe(bucket, client, 'node')) {
      hlist_del_init(each.node);
      hlist_del_init(each.node);
    }
    return [hlist_empty(bucket), hlist_unhashed(two.node)];
  };
  expect(run(body)).toEqual({ result: [true, true], said: [] });
});

it('faults at a second hlist_del(), and in a walk over a deleted node, as the list has no checks', () => {
  const twice = run(() => {
    hlist_add_head(one.node, bucket);
    hlist_del(one.node);
    hlist_del(one.node);
  });
  expect(twice.said.join()).toContain('non-canonical address 0xdead000000000122: LIST_POISON2');
  const walk = run(() => {
    for (const each of [one, two]) hlist_add_head(each.node, bucket);
    for (const each of hlist_for_each_entry(bucket, client, 'node')) hlist_del(each.node);
  });
  expect(walk.said.join()).toContain('non-canonical address 0xdead000000000100: LIST_POISON1');
});

it('follows NULL where a node that is on no list is deleted', () => {
  expect(run(() => hlist_del(one.node)).said.join()).toContain('NULL pointer dereference');
});

/** The ids on the list, as a reader without the lock sees them. */
function* read(): Op<string> {
  let found = '';
  yield* rcu_read_lock();
  let each = yield* hlist_first_or_null_rcu(bucket, client, 'node');
  while (each !== null) {
    found += String(each.id);
    each = yield* hlist_next_or_null_rcu(each.node, client, 'node');
  }
  yield* rcu_read_unlock();
  return found;
}

it.each([
  ['hlist_add_head_rcu', () => hlist_add_head_rcu(two.node, bucket), ['1', '21']],
  ['hlist_add_before_rcu', () => hlist_add_before_rcu(two.node, one.node), ['1', '21']],
  ['hlist_add_behind_rcu', () => hlist_add_behind_rcu(two.node, one.node), ['1', '12']],
  ['hlist_del_rcu', () => hlist_del_rcu(one.node), ['', '1']],
  ['hlist_del_init_rcu', () => hlist_del_init_rcu(one.node), ['', '1']],
])('%s lets readers see the list before it or after it', (_name, change, expected) => {
  const log = new Set<string>();
  const seen = agree({
    *setup() {
      one.id = 1;
      two.id = 2;
      yield* hlist_add_head_rcu(one.node, bucket);
    },
    tasks: {
      change,
      *reader() {
        log.add(yield* read());
      },
    },
  });
  expect(seen).toMatchObject({ blocked: 0, hung: 0, complaints: [], findings: [] });
  expect([...log].sort()).toEqual(expected);
});

/** What the detectors say of a reader beside a task that adds a client and removes it again. */
function kinds(
  add: (made: client) => Op<void> | void,
  end: (made: client) => Op<unknown>,
): readonly string[] {
  return told(dpor, allMonitors(), (machine) => {
    machine.spawn('writer', function* () {
      const made = yield* kzalloc(client, GFP_KERNEL);
      if (made === null) return;
      made.id = 1;
      const adding = add(made);
      if (adding !== undefined) yield* adding;
      yield* hlist_del_rcu(made.node);
      yield* end(made);
    });
    machine.spawn('reader', read);
  }).kinds;
}

it('is clean with a grace period before the memory goes, and a use after free or a race without what RCU asks for', () => {
  const adding = (made: client): Op<void> => hlist_add_head_rcu(made.node, bucket);
  const addingPlainly = (made: client): void => {
    hlist_add_head(made.node, bucket);
  };
  const later = (made: client): Op<void> => kfree_rcu(made, 'rcu');
  expect(kinds(adding, later)).toEqual([]);
  expect(kinds(adding, kfree)).toContain('slab-use-after-free');
  expect(kinds(addingPlainly, later)).toContain('data-race');
});
