// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import { agree } from '../explore/testing/small-program';
import { type Op, struct, type StructOf } from '../machine';
import { allMonitors } from '../sanitize';
import { told } from '../sanitize/testing/told';
import { LIST_HEAD, list_add, list_del, list_head } from './list';
import {
  list_add_rcu,
  list_add_tail_rcu,
  list_del_rcu,
  list_first_or_null_rcu,
  list_next_or_null_rcu,
  list_replace_rcu,
} from './rculist';
import { kfree_rcu } from './kfree-rcu';
import { rcu_head } from './rcu-callback';
import { rcu_read_lock, rcu_read_unlock } from './rcupdate';
import { GFP_KERNEL, kfree, kzalloc } from './slab';
import { DEFINE_STATIC } from './static-var';
import { int } from './types';

const client = struct('client', { id: int, node: list_head, rcu: rcu_head });
interface client extends StructOf<typeof client> {}
const clients = LIST_HEAD('clients');
const [one, two] = [DEFINE_STATIC('one', client), DEFINE_STATIC('two', client)];
const log: string[] = [];

/** The ids on the list, as a reader without the lock sees them. */
function* ids(): Op<string> {
  let found = '';
  yield* rcu_read_lock();
  let each = yield* list_first_or_null_rcu(clients, client, 'node');
  while (each !== null) {
    found += String(each.id);
    each = yield* list_next_or_null_rcu(clients, each.node, client, 'node');
  }
  yield* rcu_read_unlock();
  return found;
}

function* make(id: number): Op<client> {
  const made = yield* kzalloc(client, GFP_KERNEL);
  if (made === null) throw new Error('no memory');
  made.id = id;
  return made;
}

/** What a reader may see beside a task that changes the list of one and two, which are 1 and 2. */
function seenBeside(change: () => Op<unknown>): readonly string[] {
  log.length = 0;
  const seen = agree({
    *setup() {
      one.id = 1;
      two.id = 2;
      yield* list_add_tail_rcu(one.node, clients);
    },
    tasks: {
      change,
      *reader() {
        log.push(yield* ids());
      },
    },
  });
  expect(seen).toMatchObject({ surplus: 0, blocked: 0, hung: 0, complaints: [] });
  return [...new Set(log)].sort();
}

it('lets readers see the list before a change or after it', () => {
  expect(seenBeside(() => list_add_rcu(two.node, clients))).toEqual(['1', '21']);
  expect(seenBeside(() => list_add_tail_rcu(two.node, clients))).toEqual(['1', '12']);
  expect(seenBeside(() => list_del_rcu(one.node))).toEqual(['', '1']);
  expect(seenBeside(() => list_replace_rcu(one.node, two.node))).toEqual(['1', '2']);
});

it('reports a node that is removed twice, and not one that is removed once', () => {
  const complaints = (times: number): readonly string[] =>
    agree({
      tasks: {
        *a() {
          yield* list_add_rcu(one.node, clients);
          for (let i = 0; i < times; i++) yield* list_del_rcu(one.node);
        },
      },
    }).complaints;
  expect(complaints(2)).toEqual([
    'list: list_del corruption, one.node->prev is LIST_POISON2 (dead000000000122)',
  ]);
  expect(complaints(1)).toEqual([]);
});

/** What the detectors say of a reader beside a task that adds a client and removes it again. */
function kinds(
  add: (node: list_head, head: list_head) => Op<void> | void,
  end: (made: client) => Op<unknown>,
): readonly string[] {
  return told(dpor, allMonitors(), (machine) => {
    machine.spawn('writer', function* () {
      const made = yield* make(1);
      const adding = add(made.node, clients);
      if (adding !== undefined) yield* adding;
      yield* end(made);
    });
    machine.spawn('reader', ids);
  }).kinds;
}

function* freeLater(made: client): Op<void> {
  yield* list_del_rcu(made.node);
  yield* kfree_rcu(made, 'rcu');
}

function* freeNow(made: client): Op<void> {
  yield* list_del_rcu(made.node);
  yield* kfree(made);
}

function* unlinkAsIfAlone(made: client): Op<void> {
  list_del(made.node);
  yield* kfree_rcu(made, 'rcu');
}

it('is clean with a grace period before the memory goes, and a use after free without', () => {
  expect(kinds(list_add_rcu, freeLater)).toEqual([]);
  expect(kinds(list_add_rcu, freeNow)).toContain('slab-use-after-free');
});

it('shows what the plain functions miss', () => {
  expect(kinds(list_add, freeLater)).toContain('data-race');
  expect(kinds(list_add_rcu, unlinkAsIfAlone)).toContain('data-race');
});
