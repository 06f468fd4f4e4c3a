// SPDX-License-Identifier: GPL-2.0-only
import { formatSchedule, random, scheduleOf } from '../../explore';
import { judgeScenario, machineFor } from '../../kata/judge';
import type { Scenario } from '../../scenario/scenario';
import { traceScenario } from '../../kata/trace';
import { LONG, NBD_DEADLOCK, NBD_NULL, NBD_STATS, RBD_RACE, WAYS } from '../testing/scenarios';
import { edgesOf } from './edges';
import { type TraceFormat, writeTrace } from './index';
import { escapeMermaid } from './mermaid';

/** The schedule of the shortest failure. */
function failing(scenario: Scenario): string {
  const { failure } = judgeScenario(scenario);
  if (failure === undefined) throw new Error(`${scenario.id} does not fail`);
  return failure.schedule;
}

function written(scenario: Scenario, schedule: string, format: TraceFormat): string {
  return writeTrace(traceScenario(scenario, schedule), format);
}

describe('a failing execution', () => {
  const schedule = failing(RBD_RACE);

  it('as text of a width, with locks and counts below their step where it is narrow', () => {
    const text = writeTrace(traceScenario(RBD_RACE, schedule), 'text', 60);
    const lines = text.split('\n');
    expect(lines.filter((line) => line.length > 60)).toEqual([]);
    expect(lines.slice(lines.indexOf('step  task  operation'), -9)).toEqual([
      'step  task  operation',
      '   0        set-up',
      '            counts rbd_client#1.kref = 1',
      '   1  A     start()',
      '   2  A     refcount_dec_and_test(rbd_client#1.kref)',
      '            counts rbd_client#1.kref = 0',
      '   3  B     start()',
      '   4  B     spin_lock(node_lock)',
      '            holds node_lock',
    ]);
  });

  it('as text', () => {
    expect(written(RBD_RACE, schedule, 'text')).toMatchInlineSnapshot(`
      "put-vs-get: A2 B4 A3
      BUG: KASAN: slab-use-after-free in rbd_get_client

      interleaving, top first, with lines of rbd.ts; <-- is part of the bug:
       CPU 1: rbd-put (A)                              | CPU 2: rbd-get (B)
       ------------------                              | ------------------
            rbd_put_client()                           |
         24   kref_put(rbd_client#1.kref) 1 -> 0       |
                                                       |      rbd_get_client()
                                                       |   33   spin_lock(node_lock)
                                                       |   34   __rbd_client_find()
                                                       |   28     list_for_each_entry(rbd_client_list)
                                                       |   35   kref_get(rbd_client#1.kref) 0 -> saturated
                                                       |   36   spin_unlock(node_lock)
                                                       |   37   updates rbd_client#1.id 0 -> 1 <--
                rbd_client_release()                   |
         17       spin_lock(node_lock)                 |
         18       list_del(rbd_client#1.node)          |
         19       spin_unlock(node_lock)               |
         20       kfree(rbd_client#1)                  |
                    <-- slab-use-after-free            |

      step  task  operation                                 holds      counts
         0        set-up                                               rbd_client#1.kref = 1
         1  A     start()
         2  A     refcount_dec_and_test(rbd_client#1.kref)             rbd_client#1.kref = 0
         3  B     start()
         4  B     spin_lock(node_lock)                      node_lock
         5  B     refcount_inc(rbd_client#1.kref)           node_lock  rbd_client#1.kref = saturated
         6  B     spin_unlock(node_lock)
         7  A     spin_lock(node_lock)                      node_lock
         8  A     spin_unlock(node_lock)
         9  A     kfree(rbd_client#1)
      "
    `);
  });

  it('for mermaid', () => {
    expect(written(RBD_RACE, schedule, 'mermaid')).toMatchInlineSnapshot(`
      "sequenceDiagram
        autonumber
        participant A as CPU 1 rbd-put
        participant B as CPU 2 rbd-get
        participant shared1 as rbd_client#35;1
        participant shared2 as node_lock
        participant shared3 as rbd_client_list
        A->>shared1: kref_put(rbd_client#35;1.kref) 1 -> 0
        B->>shared2: spin_lock(node_lock)
        B->>shared3: list_for_each_entry(rbd_client_list)
        B->>shared1: kref_get(rbd_client#35;1.kref) 0 -> saturated
        B->>shared2: spin_unlock(node_lock)
        rect rgb(255, 228, 225)
        B->>shared1: updates rbd_client#35;1.id 0 -> 1
        A->>shared2: spin_lock(node_lock)
        A->>shared3: list_del(rbd_client#35;1.node)
        A->>shared2: spin_unlock(node_lock)
        A-xshared1: kfree(rbd_client#35;1) (slab-use-after-free)
        end
        Note over A,B: BUG: KASAN: slab-use-after-free in rbd_get_client
      "
    `);
  });

  it('for Perfetto', () => {
    expect(written(RBD_RACE, schedule, 'chrome')).toMatchInlineSnapshot(`
      "{"displayTimeUnit":"ms","otherData":{"title":"put-vs-get: A2 B4 A3","unit":"one step is shown as one millisecond"},"traceEvents":[
      {"ph":"M","name":"process_name","pid":1,"args":{"name":"tasks"}},
      {"ph":"M","name":"process_sort_index","pid":1,"args":{"sort_index":1}},
      {"ph":"M","name":"process_name","pid":2,"args":{"name":"CPUs"}},
      {"ph":"M","name":"process_sort_index","pid":2,"args":{"sort_index":2}},
      {"ph":"M","name":"process_name","pid":3,"args":{"name":"locks"}},
      {"ph":"M","name":"process_sort_index","pid":3,"args":{"sort_index":3}},
      {"ph":"M","name":"process_name","pid":4,"args":{"name":"memory"}},
      {"ph":"M","name":"process_sort_index","pid":4,"args":{"sort_index":4}},
      {"ph":"M","name":"thread_name","pid":1,"tid":1,"args":{"name":"rbd-put (A)"}},
      {"ph":"M","name":"thread_sort_index","pid":1,"tid":1,"args":{"sort_index":1}},
      {"ph":"M","name":"thread_name","pid":2,"tid":1,"args":{"name":"CPU 1"}},
      {"ph":"M","name":"thread_sort_index","pid":2,"tid":1,"args":{"sort_index":1}},
      {"ph":"M","name":"thread_name","pid":1,"tid":2,"args":{"name":"rbd-get (B)"}},
      {"ph":"M","name":"thread_sort_index","pid":1,"tid":2,"args":{"sort_index":2}},
      {"ph":"M","name":"thread_name","pid":2,"tid":2,"args":{"name":"CPU 2"}},
      {"ph":"M","name":"thread_sort_index","pid":2,"tid":2,"args":{"sort_index":2}},
      {"ph":"X","name":"start()","pid":1,"tid":1,"ts":1000,"dur":1000,"args":{"step":1,"touched":["reads rbd_dev.value"]}},
      {"ph":"X","name":"refcount_dec_and_test(rbd_client#1.kref)","pid":1,"tid":1,"ts":2000,"dur":1000,"args":{"step":2,"in":"rbd_put_client","at":"rbd.ts:24","before":1,"after":0}},
      {"ph":"X","name":"start()","pid":1,"tid":2,"ts":3000,"dur":1000,"args":{"step":3}},
      {"ph":"X","name":"spin_lock(node_lock)","pid":1,"tid":2,"ts":4000,"dur":1000,"args":{"step":4,"in":"rbd_get_client","at":"rbd.ts:33","touched":["reads rbd_client_list.next"],"holds":["node_lock"]}},
      {"ph":"X","name":"refcount_inc(rbd_client#1.kref)","pid":1,"tid":2,"ts":5000,"dur":1000,"args":{"step":5,"in":"rbd_get_client","at":"rbd.ts:35","before":0,"after":-1073741824,"holds":["node_lock"]}},
      {"ph":"X","name":"spin_unlock(node_lock)","pid":1,"tid":2,"ts":6000,"dur":1000,"args":{"step":6,"in":"rbd_get_client","at":"rbd.ts:36","touched":["reads rbd_client#1.id","writes rbd_client#1.id"]}},
      {"ph":"X","name":"spin_lock(node_lock)","pid":1,"tid":1,"ts":7000,"dur":1000,"args":{"step":7,"in":"rbd_client_release","at":"rbd.ts:17","touched":["reads rbd_client#1.node.next","reads rbd_client#1.node.prev","reads rbd_client_list.next","reads rbd_client_list.prev","writes rbd_client_list.prev","writes rbd_client_list.next","writes rbd_client#1.node.next","writes rbd_client#1.node.prev"],"holds":["node_lock"]}},
      {"ph":"X","name":"spin_unlock(node_lock)","pid":1,"tid":1,"ts":8000,"dur":1000,"args":{"step":8,"in":"rbd_client_release","at":"rbd.ts:19"}},
      {"ph":"X","name":"kfree(rbd_client#1)","pid":1,"tid":1,"ts":9000,"dur":1000,"args":{"step":9,"in":"rbd_client_release","at":"rbd.ts:20"}},
      {"ph":"X","name":"waits: spin_lock(node_lock)","pid":1,"tid":1,"ts":5000,"dur":2000,"args":{}},
      {"ph":"X","name":"rbd-put (A)","pid":2,"tid":1,"ts":1000,"dur":2000,"args":{"schedule":"A2"}},
      {"ph":"X","name":"rbd-get (B)","pid":2,"tid":2,"ts":3000,"dur":4000,"args":{"schedule":"B4"}},
      {"ph":"X","name":"rbd-put (A)","pid":2,"tid":1,"ts":7000,"dur":3000,"args":{"schedule":"A3"}},
      {"ph":"M","name":"thread_name","pid":3,"tid":1,"args":{"name":"node_lock"}},
      {"ph":"M","name":"thread_sort_index","pid":3,"tid":1,"args":{"sort_index":1}},
      {"ph":"X","name":"rbd-get (B)","pid":3,"tid":1,"ts":4000,"dur":2000,"args":{"by":"rbd-get (B)"}},
      {"ph":"X","name":"rbd-put (A)","pid":3,"tid":1,"ts":7000,"dur":1000,"args":{"by":"rbd-put (A)"}},
      {"ph":"M","name":"thread_name","pid":4,"tid":1,"args":{"name":"rbd_client#1"}},
      {"ph":"M","name":"thread_sort_index","pid":4,"tid":1,"args":{"sort_index":1}},
      {"ph":"X","name":"alive","pid":4,"tid":1,"ts":0,"dur":9000,"args":{"by":"set-up"}},
      {"ph":"s","name":"spin_unlock(node_lock) -> spin_lock(node_lock)","cat":"synchronises","id":1,"pid":1,"tid":2,"ts":6750},
      {"ph":"f","bp":"e","name":"spin_unlock(node_lock) -> spin_lock(node_lock)","cat":"synchronises","id":1,"pid":1,"tid":1,"ts":7250},
      {"ph":"C","name":"rbd_client#1.kref","pid":1,"ts":0,"args":{"count":1}},
      {"ph":"C","name":"rbd_client#1.kref","pid":1,"ts":2000,"args":{"count":0}},
      {"ph":"C","name":"rbd_client#1.kref","pid":1,"ts":5000,"args":{"count":-1073741824}},
      {"ph":"i","s":"g","name":"BUG: KASAN: slab-use-after-free in rbd_get_client","cat":"slab-use-after-free","pid":1,"tid":2,"ts":9500}
      ]}
      "
    `);
  });
});

describe('edges', () => {
  const edges = (scenario: Scenario, schedule: string): string[] =>
    edgesOf(traceScenario(scenario, schedule)).map(
      ({ from, to, kind, name }) => `${from + 1} -> ${to + 1} ${kind}: ${name}`,
    );

  it.each([
    ['completion', 'A2 B2', ['2 -> 4 synchronises: complete(done) -> wait_for_completion(done)']],
    [
      'completion',
      'B1 A2 B1',
      ['3 -> 4 synchronises: complete(done) -> wait_for_completion(done)'],
    ],
    ['rcu', 'A2 B2 A1', ['5 -> 6 synchronises: rcu_read_unlock() -> synchronize_rcu()']],
    ['rcu', 'A3 B4', ['3 -> 6 synchronises: rcu_read_unlock() -> synchronize_rcu()']],
    [
      'join',
      '',
      [
        '2 -> 3 synchronises: spawn_task() -> start()',
        '4 -> 5 synchronises: smp_mb() -> join(child)',
      ],
    ],
    [
      'work',
      '',
      [
        '2 -> 4 synchronises: queue_work(item) -> start()',
        '7 -> 8 synchronises: process_one_work(item) -> flush_work(item)',
      ],
    ],
    ['wait', 'A3 B2', []], // a flag that is only read and written does not order anything
    ['wait', 'B4', ['8 -> 9 synchronises: wake_up(waiters) -> schedule(waiters)']],
    ['readers', '', []],
    [
      'mutex',
      '',
      [
        '3 -> 5 synchronises: mutex_unlock(lock) -> mutex_lock(lock)',
        '6 -> 8 synchronises: mutex_unlock(lock) -> mutex_lock(lock)',
      ],
    ],
    ['spin', 'B2 A2 B2', ['4 -> 5 wakes: WRITE_ONCE(flag.value) -> cpu_relax()']],
  ])('of %s in %s', (way, schedule, expected) => {
    expect(edges(WAYS[way] ?? RBD_RACE, schedule)).toEqual(expected);
  });

  it('lead from each unlock to the next lock', () => {
    expect(edges(NBD_DEADLOCK, 'B5')).toEqual([
      '4 -> 8 synchronises: mutex_unlock(nbd_index_mutex) -> mutex_lock(nbd_index_mutex)',
      '5 -> 10 synchronises: mutex_unlock(open_mutex) -> mutex_lock(open_mutex)',
    ]);
  });
});

interface Event {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid?: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly id?: number;
  readonly bp?: string;
  readonly s?: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

const SCENARIOS = [RBD_RACE, NBD_DEADLOCK, NBD_NULL, NBD_STATS, LONG, ...Object.values(WAYS)];

/** Some executions of each, drawn at random, the failing ones among them. */
const EXECUTIONS = SCENARIOS.flatMap((scenario) => {
  const schedules = new Set(['']);
  random(
    machineFor(scenario),
    ({ machine, events }) => {
      const turns = events.map(({ task, outcome }) => ({
        path: machine.tasks[task]?.path ?? '',
        outcome,
      }));
      schedules.add(formatSchedule(scheduleOf(turns)));
      return false;
    },
    { executionsMax: 6 },
  );
  return [...schedules].map((schedule) => [scenario.id, schedule, scenario] as const);
});

describe.each(EXECUTIONS)('%s in %s', (_id, schedule, scenario) => {
  const traced = traceScenario(scenario, schedule);
  const { recorded, finding } = traced;

  it('is a trace Perfetto reads', () => {
    const document = JSON.parse(writeTrace(traced, 'chrome')) as { traceEvents: Event[] };
    const { traceEvents: events } = document;
    const slices = events.filter(({ ph }) => ph === 'X');
    const on = ({ pid, tid }: Event): Event[] =>
      slices.filter((slice) => slice.pid === pid && slice.tid === tid);
    const inside = (event: Event): Event[] =>
      on(event).filter(({ ts = 0, dur = 0 }) => {
        const at = event.ts ?? -1;
        return ts <= at && at < ts + dur;
      });
    expect(events.filter(({ ph }) => !'MXCsfi'.includes(ph))).toEqual([]);
    expect(slices.filter(({ ts = -1, dur = 0 }) => ts < 0 || dur <= 0)).toEqual([]);
    // No two slices begin at the same time on a track, so each of them is simply inside of or outside of another.
    for (const slice of slices) {
      expect(on(slice).filter(({ ts = 0, dur = 0 }) => overlap(slice, ts, dur))).toEqual([slice]);
    }
    const steps = slices.filter(({ pid, args }) => pid === 1 && args?.['step'] !== undefined);
    expect(steps.map(({ ts }) => ts)).toEqual(recorded.steps.map((_, i) => (i + 1) * 1000));
    const starts = events.filter(({ ph }) => ph === 's');
    const ends = events.filter(({ ph }) => ph === 'f');
    expect(starts.map(({ id }) => id)).toEqual([...new Set(starts.map(({ id }) => id))]);
    expect(ends.map(({ id }) => id)).toEqual(starts.map(({ id }) => id));
    for (const [i, start] of starts.entries()) {
      const end = ends[i];
      expect(end).toMatchObject({ bp: 'e', name: start.name });
      expect(inside(start).map(({ args }) => args?.['step'])).toEqual([expect.any(Number)]);
      expect(inside(end ?? start).map(({ args }) => args?.['step'])).toEqual([expect.any(Number)]);
      expect((start.ts ?? 0) < (end?.ts ?? 0)).toBe(true);
    }
    for (const { args } of events.filter(({ ph }) => ph === 'C')) {
      expect(Object.values(args ?? {})).toEqual([expect.any(Number)]);
    }
    const named = new Set(
      events.flatMap((e) => (e.name === 'thread_name' ? [`${e.pid}.${e.tid ?? 0}`] : [])),
    );
    expect(slices.filter(({ pid, tid = 0 }) => !named.has(`${pid}.${tid}`))).toEqual([]);
    const violations = events.filter(({ ph, s }) => ph === 'i' && s === 'g');
    expect(violations).toHaveLength(finding === null ? 0 : 1);
  });

  it('is a diagram mermaid reads', () => {
    const text = writeTrace(traced, 'mermaid');
    expect(text.length).toBeLessThan(50_000);
    const [first, second, ...lines] = text.trimEnd().split('\n');
    expect([first, second]).toEqual(['sequenceDiagram', '  autonumber']);
    expect(lines.filter((line) => !STATEMENTS.some((statement) => statement.test(line)))).toEqual(
      [],
    );
    expect(lines.filter((line) => / rect /.test(line)).length).toBe(
      lines.filter((line) => line === '  end').length,
    );
    const names = new Set(lines.flatMap((line) => PARTICIPANT.exec(line)?.[1] ?? []));
    const used = lines.flatMap((line) => ARROW.exec(line)?.slice(1, 3) ?? []);
    expect(used.filter((name) => !names.has(name))).toEqual([]);
    expect(lines.filter((line) => ARROW.test(line)).length).toBeLessThanOrEqual(60);
  });
});

function overlap(slice: Event, ts: number, dur: number): boolean {
  const { ts: from = 0, dur: long = 0 } = slice;
  return ts < from + long && from < ts + dur;
}

const SAFE = String.raw`(?:[^#;%]|#35;|#59;|#37;)+`;
const PARTICIPANT = new RegExp(`^ {2}participant (\\w+) as ${SAFE}$`);
const ARROW = new RegExp(`^ {2}(\\w+?)(?:->>|--\\)|-x)(\\w+): ${SAFE}$`);
const STATEMENTS = [
  PARTICIPANT,
  ARROW,
  /^ {2}rect rgb\(255, 228, 225\)$/,
  /^ {2}end$/,
  new RegExp(`^ {2}Note over \\w+(?:,\\w+)?: ${SAFE}$`),
];

it('collapses what is too much for a diagram', () => {
  const text = written(NBD_STATS, 'A20 B4', 'mermaid');
  expect(text).toMatch(/^ {2}A->>A: \.\.\. \d+ steps$/m);
});

it.each([
  ['rbd_client#1; freed', 'rbd_client#35;1#59; freed'],
  ['100 %% of\nthe end', '100 #37;#37; of the end'],
  ['a: b -> c', 'a: b -> c'],
  ['x'.repeat(200), `${'x'.repeat(117)}...`],
])('writes %j for mermaid', (text, escaped) => {
  expect(escapeMermaid(text)).toBe(escaped);
});
