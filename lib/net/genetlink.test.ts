// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import { DEFINE_MODULE, EEXIST, ENOENT, ENOMEM, EOPNOTSUPP, static_var } from '../kernel';
import type { Op } from '../machine';
import {
  DEFINE_GENL_FAMILY,
  type genl_info,
  genl_rcv,
  genl_register_family,
  genl_unregister_family,
  genlmsg_reply,
  nla_get_u32,
} from './genetlink';

const THIS_MODULE = DEFINE_MODULE('test_genl');
const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] };
const ADD = 1;

/** A plain variable: two commands at the same time would race. */
const sum = static_var('genl_sum', 0);
const family = DEFINE_GENL_FAMILY('test_family', {
  name: 'test',
  module: THIS_MODULE,
  small_ops: [{ cmd: ADD, doit: add }],
});
const namesake = DEFINE_GENL_FAMILY('namesake', { name: 'test', module: null, small_ops: [] });

function* add(info: genl_info): Op<number> {
  sum.value += nla_get_u32(info.attrs[1] ?? 0);
  return genlmsg_reply({ 1: sum.value }, info);
}
function* send(cmd: number, value: number): Op<unknown> {
  const info: genl_info = { attrs: { 1: value }, reply: null };
  const ret = yield* genl_rcv('test', cmd, info);
  return ret === 0 ? info.reply?.[1] : ret;
}
/** The results of commands in a single task. */
function results(...ops: (() => Op<unknown>)[]): unknown[] {
  const given: unknown[][] = [];
  const seen = agree({
    tasks: {
      *a() {
        const values: unknown[] = [];
        for (const op of ops) values.push(yield* op());
        given.push(values);
      },
    },
  });
  expect(seen).toMatchObject(fine);
  return given[0] ?? [];
}

describe('generic netlink', () => {
  it('carries out the commands of a family while it is registered', () => {
    const given = results(
      () => send(ADD, 2),
      () => genl_register_family(family),
      () => send(ADD, 2),
      () => send(ADD, 3),
      () => send(7, 0),
      () => genl_unregister_family(family),
      () => send(ADD, 2),
    );
    expect(given).toEqual([-ENOENT, 0, 2, 5, -EOPNOTSUPP, 0, -ENOENT]);
  });

  it('registers each name only once', () => {
    const given = results(
      () => genl_register_family(family),
      () => genl_register_family(namesake),
      () => genl_unregister_family(namesake),
      () => genl_unregister_family(family),
      () => genl_unregister_family(family),
    );
    expect(given).toEqual([0, -EEXIST, -ENOENT, 0, -ENOENT]);
  });

  it('may fail to register one', () => {
    const given = new Set<number>();
    agree({
      failures: { genl_register_family: 1 },
      tasks: {
        *a() {
          given.add(yield* genl_register_family(family));
        },
      },
    });
    expect(given).toEqual(new Set([0, -ENOMEM]));
  });

  it('carries out one command at a time', () => {
    const sums = new Set<number>();
    const seen = agree({
      setup: () => genl_register_family(family),
      tasks: { a: () => send(ADD, 1), b: () => send(ADD, 2) },
      *check() {
        sums.add(sum.value);
      },
    });
    expect(seen).toMatchObject({ ...fine, executions: 2 });
    expect(sums).toEqual(new Set([3]));
  });

  it('waits for a command before it unregisters the family', () => {
    const given = new Set<unknown>();
    const seen = agree({
      setup: () => genl_register_family(family),
      tasks: {
        *a() {
          given.add(yield* send(ADD, 1));
        },
        b: () => genl_unregister_family(family),
      },
    });
    expect(seen).toMatchObject(fine);
    expect(given).toEqual(new Set([1, -ENOENT]));
  });
});
