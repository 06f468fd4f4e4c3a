// SPDX-License-Identifier: GPL-2.0-only
/**
 * A litmus test as a program of the machine that judges drivers, with a record of what its threads have done in the current
 * execution.
 */
import { Machine, type MarkedAccess, type Monitor, type Op, sites } from '../../lib/machine';
import type { Ending } from './answer';
import { Cells } from './cells';
import type { Sources } from './dependencies';
import type { Step } from './operation';
import { type LitmusProblem, problemOf } from './problem';
import type { LitmusTest, Value } from './syntax';
import { runThread } from './thread';
import type { Wanted } from './wanted';

/** An operation that has happened. */
export interface Performed {
  readonly thread: number;
  readonly step: Step;
  readonly answer: Value;
}

/** The steps of one execution. Only a test with a loop reaches this, and loops are cut off. */
const STEPS_MAX = 10_000;

export class OnMachine {
  readonly machine: Machine;
  /** What the threads have done, each in program order. */
  performed: Performed[][] = [];
  /** A loop was cut off. */
  cutOff = false;
  /** A thread has stopped where a register got a value that is not wanted. */
  unwanted = false;
  /** It has made a plain access. */
  plain = false;
  /** The problem of the test. */
  problem: LitmusProblem | null = null;
  /** Called for every operation, in the order in which they happen. */
  watch: ((performed: Performed) => void) | null = null;
  readonly #cells: Cells;
  #registers: (ReadonlyMap<string, Value> | null)[] = [];
  /** The accesses that the operations of each thread were. */
  #accesses: (MarkedAccess | null)[][] = [];
  /** The place of the running thread, as `P0:12`. */
  #place = '';

  constructor(
    readonly test: LitmusTest,
    monitors: readonly Monitor[],
    /** Threads stop where a register gets another value; null if they never do. */
    readonly wanted: Wanted | null = null,
  ) {
    this.#cells = new Cells(test);
    const boot = (machine: Machine): void => {
      machine.runNow(this.#cells.allocate());
      this.#registers = test.threads.map(() => null);
      this.performed = test.threads.map(() => []);
      this.#accesses = test.threads.map(() => []);
      test.threads.forEach(({ name }, i) => machine.spawn(name, () => this.#thread(i)));
    };
    this.machine = new Machine({ boot }, { reorders: 'always', stepsMax: STEPS_MAX, monitors });
    this.machine.startSteps = true; // set from the start, so that schedules mean the same on every machine
  }

  /** The ending of the execution; null if a thread has not ended. */
  ending(): Ending | null {
    const registers = this.#registers.flatMap((held) => held ?? []);
    if (registers.length < this.test.threads.length) return null;
    return { registers, last: this.#cells.last(), mistake: this.#cells.unmatched };
  }

  /** Runs something while the machine records the places of accesses. */
  placing<T>(run: () => T): T {
    const { capture } = sites;
    sites.capture = () => this.#place;
    try {
      return run();
    } finally {
      sites.capture = capture;
    }
  }

  /** Tells the machine what the next access of the running thread depends on. */
  #depends(thread: number, { address, data }: Step): void {
    const { log, task } = this.machine;
    const made = this.#accesses[thread] ?? [];
    const of = (sources: Sources): MarkedAccess[] =>
      carried([...sources].map((i) => made[i] ?? null));
    log?.depends(task.id, { address: of(address), data: of(data) });
  }

  /** The access that an operation was; null if it was none. */
  #made({ kind }: Step): MarkedAccess | null {
    const marked = kind === 'load' || kind === 'store' || kind === 'rmw';
    return (marked ? this.machine.log?.last(this.machine.task.id) : null) ?? null;
  }

  *#thread(i: number): Op<void> {
    try {
      yield* this.#follow(i);
    } catch (error) {
      this.problem = problemOf(error); // the machine makes a finding of it
      throw error;
    }
  }

  *#follow(thread: number): Op<void> {
    const run = runThread(this.test, thread, this.wanted);
    let next = run.next();
    while (next.done !== true) {
      const step = next.value;
      if (step.kind === 'cut off') {
        this.cutOff = true;
        return;
      }
      if (step.kind === 'unwanted') {
        this.unwanted = true;
        return;
      }
      if (step.kind === 'plain load' || step.kind === 'plain store') this.plain = true;
      this.#place = `P${thread}:${step.line}`;
      this.#depends(thread, step);
      const answer = yield* this.#cells.perform(step);
      this.#accesses[thread]?.push(this.#made(step));
      const performed = { thread, step, answer };
      this.performed[thread]?.push(performed);
      this.watch?.(performed);
      next = run.next(answer);
    }
    this.#registers[thread] = next.value;
  }
}

/** Accesses, and what the values depend on of those that their own task has stored. */
function carried(accesses: readonly (MarkedAccess | null)[]): MarkedAccess[] {
  const found = new Set<MarkedAccess>();
  const open = [...accesses];
  for (let access = open.pop(); access !== undefined; access = open.pop()) {
    if (access === null || found.has(access)) continue;
    found.add(access);
    const [source] = access.sources;
    if (source?.task === access.task) open.push(...(source.dependencies?.data ?? []));
  }
  return [...found];
}
