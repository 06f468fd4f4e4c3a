// SPDX-License-Identifier: GPL-2.0-only
/** A report of an execution in which an interrupt comes on top of a task, and the same execution where it is played and traced. */
import { turnsOf, parseSchedule } from '../explore';
import { judgeScenario, replayScenario } from '../kata/judge';
import { look } from '../kata/look';
import { traceScenario } from '../kata/trace';
import { raise_irq } from '../index';
import { scenario } from '../scenario/scenario';
import { load } from './testing/load';
import { writeTrace } from './trace';

const driver = load(
  'katas/90-irq/nic.ts',
  `
const lock = DEFINE_SPINLOCK('lock');
const received = static_var('received', 0);
function* nic_interrupt() {
  yield* spin_lock(lock);
  received.value++;
  yield* spin_unlock(lock);
  return IRQ_HANDLED;
}
function* setup() {
  yield* request_irq(11, nic_interrupt, 0, 'nic', null);
}
function* nic_stats() {
  yield* spin_lock(lock);
  const seen = received.value;
  yield* spin_unlock(lock);
  return seen;
}
`,
);

const stats = scenario({
  id: 'stats',
  title: 'a task may ask how much was received',
  task: 1,
  kind: 'race',
  detectors: ['hung-task'],
  setup: driver('setup'),
  tasks: { stats: driver('nic_stats'), device: () => raise_irq(11) },
});
const command = (_: unknown, schedule: string): string => `npx kata replay 90 '${schedule}'`;
const ON_TOP = 'A2 B2 C!1 C2';
const turns = turnsOf(parseSchedule('A2 B2 C!1 C1'));

it('tells on which CPU the interrupt comes, and that the task below never goes on', () => {
  const { report = '', schedule } = judgeScenario(stats, { command }).failure ?? {};
  expect(schedule).toBe(ON_TOP);
  expect(report).toMatchInlineSnapshot(`
    "BUG: spinlock recursion on CPU#1, irq/11/103
    ==================================================================
     lock: lock, .magic: dead4ead, .owner: stats/101, .owner_cpu: 1
    task:irq/11          state:R pid:103
    Call Trace:
     nic_interrupt nic.ts:5

    stats/101 was interrupted, and its CPU does not return to it.
    INFO: irq/11/103 runs on CPU#1.
    task:stats           state:R pid:101
    Call Trace:
     nic_stats nic.ts:16

    deadlock: irq/11/103 waits for stats/101 waits for irq/11/103

    Showing all locks held in the system:
    1 lock held by stats/101:
     #0: lock (lock){+.+.}-{2:2}, at: nic_stats

    interleaving, top first, with lines of nic.ts; <-- is part of the bug:
     A = stats on CPU 1; B = device on CPU 2; C = irq/11 on CPU 1, on top of A, from B's raise_irq()
     A      nic_stats()
     A   14   spin_lock(lock) <--
     B      raise_irq(irq 11)
     C      interrupt on CPU 1, on top of A
     C      handle_irq(irq 11)
     C      nic_interrupt()
     C    5   spin_lock(lock) <-- waits for ever
     A   16   spin_unlock(lock) <-- the interrupt never returns here

    explored 5 interleavings
    this is the shortest failure found: 1 preemption; every schedule without one passes
    replay it: npx kata replay 90 'A2 B2 C!1 C2'"
  `);
});

it('replays the same on a machine that has explored nothing', () => {
  const { report = '' } = judgeScenario(stats, { command }).failure ?? {};
  const replayed = replayScenario(stats, ON_TOP, { command }) ?? '';
  expect(replayed.split('\n\nreplay')[0]).toBe(report.split('\n\nexplored')[0]);
});

it('is offered to a player where it would matter, and says who keeps the task from going on', () => {
  const before = look(stats, turns.slice(0, 4), {});
  expect(before.tasks[2]?.choices).toEqual([
    { outcome: 0, text: 'on a CPU where nothing runs' },
    { outcome: 1, text: 'interrupt on CPU 1' },
  ]);
  expect(look(stats, turns.slice(0, 1), {}).tasks[2]).toBeUndefined();
  const [below] = look(stats, turns, {}).tasks;
  expect(below).toMatchObject({ state: 'waits', waitsFor: ['C'] });
});

it('is traced on the CPU of the task below', () => {
  expect(writeTrace(traceScenario(stats, ON_TOP), 'mermaid')).toMatchInlineSnapshot(`
    "sequenceDiagram
      autonumber
      participant A as CPU 1 stats
      participant B as CPU 2 device
      participant C as CPU 1 irq/11
      participant shared1 as lock
      participant shared2 as irq 11
      A->>shared1: spin_lock(lock)
      B->>shared2: raise_irq(irq 11)
      C->>C: interrupt on CPU 1, on top of A
      C->>shared2: handle_irq(irq 11)
      rect rgb(255, 228, 225)
      C->>shared1: spin_lock(lock) (waits for ever)
      A-xshared1: spin_unlock(lock) (the interrupt never returns here)
      end
      Note over A,C: BUG: spinlock recursion on CPU#35;1, irq/11/103
    "
  `);
});
