// SPDX-License-Identifier: GPL-2.0-only
import { Readable } from 'node:stream';
import { PLAIN } from '../print/style';
import { dialogue, readLine } from './dialogue';
import { Play } from './play';
import { toyOpened, toyRunner } from './testing/toy-game';

const talked = (...typed: readonly string[]): Promise<string> => talkedIn(PLAIN.width, ...typed);

async function talkedIn(width: number, ...typed: readonly string[]): Promise<string> {
  let out = '';
  const play = await Play.begin(toyOpened, toyRunner);
  const input = Readable.from(typed.map((line) => `${line}\n`));
  await dialogue(play, input, (text) => (out += text), {
    kata: '99-toy',
    style: { ...PLAIN, width },
  });
  return out;
}

it('tells where everybody is, what was done, and what was found', async () => {
  expect(await talked('A2 B1', '1', 'A5', 'B7')).toMatchInlineSnapshot(`
    "99-toy, two-takers: two toys that are taken are counted as two
    You are the scheduler of 2 CPUs: find an order in which it goes wrong. '?' explains.
    --- begin
    CPU 1  taker/a (A)  next start()
    CPU 2  taker/b (B)  next start()
    --- step 3, A2 B1
      B 27 mutex_lock(toy_lock) ... waits
    CPU 1  taker/a (A)  next kzalloc(toy) (A!1: fails)                 holds toy_lock
           toy.ts:28 take(): line 28 of toy.ts
    CPU 2  taker/b (B)  waits in mutex_lock(toy_lock) for taker/a (A)
           toy.ts:27 take(): line 27 of toy.ts
    --- step 4, A2 B1 A1
      A 28 kzalloc(toy) = toy#1
    CPU 1  taker/a (A)  next refcount_set(toy#1.refs)                  holds toy_lock
           toy.ts:29 take(): line 29 of toy.ts
    CPU 2  taker/b (B)  waits in mutex_lock(toy_lock) for taker/a (A)
           toy.ts:27 take(): line 27 of toy.ts
    counts  toy#1.refs 0
    memory  toy#1
    --- step 9, A2 B1 A6
      A 33 kfree(toy#1)
    CPU 1  taker/a (A)  has ended
    CPU 2  taker/b (B)  next mutex_lock(toy_lock)
           toy.ts:27 take(): line 27 of toy.ts
    counts  toys 1
    memory  toy#1 freed by A
    --- step 16, A2 B1 A6 B7
      B 33 kfree(toy#2)
    CPU 1  taker/a (A)  has ended
    CPU 2  taker/b (B)  has ended
    counts  toys 2
    memory  toy#1 freed by A
            toy#2 freed by B
    Every task has ended, and nothing was found: this order is harmless. Undo, and try another.
    "
  `);
});

it('compares what was found before it reads on', async () => {
  const out = await talked('A4 B1 A2 B7 A2', 'report', 'quit', 'never read');
  expect(out.slice(out.indexOf('EXPECTATION'))).toMatchInlineSnapshot(`
    "EXPECTATION FAILED: toys that are taken: expected 2, got 1
    Yours: 2 preemptions, 4 context switches, 16 steps. Fewer preemptions would do.
    The shortest: A6 B8 A2 (1 preemption, 2 context switches, 16 steps).
    EXPECTATION FAILED: toys that are taken: expected 2, got 1
    ==================================================================
    CPU: 0 PID: 100 Comm: swapper
    Call Trace:
     check toy.ts:44

    interleaving, top first, with lines of toy.ts:
     CPU 1: taker/a (A)                  | CPU 2: taker/b (B)
     ------------------                  | ------------------
          take()                         |
       27   mutex_lock(toy_lock)         |
       28   kzalloc(toy) = toy#1         |
       29   kref_init(toy#1.refs) 0 -> 1 |
                                         |      take()
                                         |   27   mutex_lock(toy_lock) ... waits
       30   atomic_read(toys) = 0        |
       31   mutex_unlock(toy_lock)       |
                                         |   27   mutex_lock(toy_lock)
                                         |   28   kzalloc(toy) = toy#2
                                         |   29   kref_init(toy#2.refs) 0 -> 1
                                         |   30   atomic_read(toys) = 0
                                         |   31   mutex_unlock(toy_lock)
                                         |   32   atomic_set(toys) 0 -> 1
                                         |   33   kfree(toy#2)
       32   atomic_set(toys) 1 -> 1      |
       33   kfree(toy#1)                 |
    then check():
            check()
         44   atomic_read(toys) = 1
         44   expect_eq() <-- expectation

    replay it: replay 'A4 B1 A2 B7 A2'
    "
  `);
});

it('breaks what is too long for the terminal at words', async () => {
  const lines = (await talkedIn(60, 'A2 B1')).split('\n');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(60);
});

it.each([
  ['', 'nothing'],
  [' 2 ', { commands: [{ do: 'step', task: '2', outcome: 0 }] }],
  ['Ba', { commands: [{ do: 'step', task: 'Ba', outcome: 0 }] }],
  ['A!1', { commands: [{ do: 'step', task: 'A', outcome: 1 }] }],
  ['undo 2', { commands: [{ do: 'undo' }, { do: 'undo' }] }],
  ['reset', { commands: [{ do: 'reset' }] }],
  ['report', 'report'],
  ['?', 'help'],
  ['quit', 'quit'],
  ['stop it', { problem: "There is no command 'stop it'; ? shows them." }],
  ['a', { problem: "There is no command 'a'; ? shows them." }],
])('reads %j', (typed, line) => {
  expect(readLine(typed)).toEqual(line);
});
