// SPDX-License-Identifier: GPL-2.0-only
/** Runs a litmus test on the machine that judges drivers, and collects what its executions end with. */
import { type dfs, dpor } from '../../lib/explore';
import { Machine, type Op } from '../../lib/machine';
import type { Ending } from './answer';
import { Cells } from './cells';
import { LitmusProblem } from './problem';
import type { LitmusTest, Value } from './syntax';
import { runThread } from './thread';

/** What exploring a test found. */
export interface Explored {
  readonly endings: readonly Ending[];
  readonly executions: number;
  /** Executions that showed nothing new. */
  readonly surplus: number;
  readonly complete: boolean;
  /** Whether a loop was not followed to its end. */
  readonly cutOff: boolean;
}

/** Explores every execution of a test. */
export function explore(
  test: LitmusTest,
  executionsMax = 1_000_000,
  strategy: typeof dpor | typeof dfs = dpor,
): Explored {
  const cells = new Cells(test);
  const endings = new Map<string, Ending>();
  let registers: (ReadonlyMap<string, Value> | null)[] = [];
  let cutOff = false;
  let problem: LitmusProblem | null = null;
  const machine = new Machine(
    {
      boot(booting) {
        booting.runNow(cells.allocate());
        registers = test.threads.map(() => null);
        test.threads.forEach((thread, i) => booting.spawn(thread.name, () => running(i)));
      },
    },
    { reorders: 'always', stepsMax: 10_000 },
  );
  function* running(i: number): Op<void> {
    try {
      yield* following(i);
    } catch (error) {
      if (error instanceof LitmusProblem) problem = error; // the machine makes a finding of it
      throw error;
    }
  }
  function* following(i: number): Op<void> {
    const run = runThread(test, i);
    let step = run.next();
    while (step.done !== true) {
      if (step.value.kind === 'cut off') {
        cutOff = true;
        return;
      }
      step = run.next(yield* cells.perform(step.value));
    }
    registers[i] = step.value;
  }
  const { executions, surplus, complete } = strategy(
    machine,
    () => {
      if (problem !== null) throw problem;
      if (registers.some((held) => held === null)) return false;
      const ending = { registers: registers.map((held) => held ?? new Map()), last: cells.last() };
      endings.set(keyOf(ending), ending);
      return false;
    },
    { executionsMax },
  );
  return { endings: [...endings.values()], executions, surplus, complete, cutOff };
}

function keyOf({ registers, last }: Ending): string {
  return JSON.stringify([registers.map((held) => [...held].sort()), [...last].sort()]);
}
