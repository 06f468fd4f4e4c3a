// SPDX-License-Identifier: GPL-2.0-only
/**
 * Optimal dynamic partial order reduction (Abdulla, Aronis, Jonsson, Sagonas, POPL 2014, algorithm 2): one execution for
 * each Mazurkiewicz trace, found with source sets and wakeup trees.
 *
 * Differences from the paper: the footprint of a step is known only after it has run (see foresight.ts), so the search
 * may find only at the end of a wakeup sequence that it is redundant. It then gives up the execution and counts it as
 * surplus. Programs whose steps consist of operations alone have no surplus. history.ts says how blocking is treated. A
 * choice is a step with several outcomes, each a different event; where no wakeup sequence decides, all of them are
 * explored.
 */
import type { Machine } from '../machine';
import { EXECUTIONS_MAX, type Exploration, type ExploreOptions, type Visitor } from './explorer';
import { Foresight } from './foresight';
import { History } from './history';
import { type Race, Races, type Step } from './step';
import {
  addBranch,
  anyAsleep,
  asleep,
  Branch,
  type Foreseen,
  freshPoint,
  goneToSleep,
  insert,
  isAsleep,
  type Plan,
  type Point,
  stillAsleep,
} from './wakeup-tree';

export interface DporResult extends Exploration {
  readonly strategy: 'dpor';
  /** How often the search restarted because a step touched a location that it had not touched before. */
  readonly restarts: number;
  /** Executions in which only sleeping tasks were left: always 0 unless the search has a bug. */
  readonly blocked: number;
}

/** Explores one execution of every trace of the machine's program. */
export function dpor(machine: Machine, visit: Visitor, options: ExploreOptions = {}): DporResult {
  return new Search(machine, visit, options).run();
}

class Search {
  readonly #history: History;
  readonly #foresight = new Foresight();
  /** The points of the current execution, and of earlier, longer ones. */
  readonly #points: Point[] = [];
  readonly #blockedRaces = new Races();
  /** How many steps of the current execution were replayed. */
  #replayed = 0;
  #executions = 0;
  #surplus = 0;
  #restarts = 0;
  #blocked = 0;
  #steps = 0;
  #depth = 0;
  #cut = false;
  #stopped = false;
  #refutedAt = -1;
  #lessons = 0;

  constructor(
    readonly machine: Machine,
    readonly visit: Visitor,
    readonly options: ExploreOptions,
  ) {
    this.#history = History.take(machine);
  }

  run(): DporResult {
    this.machine.unavoidable = (task, step) => this.#history.precedes(step, task);
    try {
      return this.#explore();
    } finally {
      this.machine.unavoidable = null;
    }
  }

  #explore(): DporResult {
    let start: Point = this.#begin();
    for (;;) {
      const ended = this.#extend(start);
      // If this execution made the machine refine its steps, its steps were too coarse: discard it and restart.
      if (ended && this.machine.lessons === this.#lessons) this.#complete();
      if (this.#stopped || this.#executions >= (this.options.executionsMax ?? EXECUTIONS_MAX))
        break;
      if (this.#mustRestart(false)) {
        start = this.#restart();
        continue;
      }
      const next = this.#backtrack(!ended);
      if (next !== null) {
        start = next;
      } else if (this.#mustRestart(true)) {
        start = this.#restart();
      } else {
        return this.#result(true);
      }
    }
    return this.#result(false);
  }

  #begin(): Point {
    this.#history.reset();
    this.#replayed = 0;
    this.machine.boot();
    return freshPoint();
  }

  /** Whether to restart. A refuted guess need not stop the pass at once: refuting others in the same pass saves restarts. */
  #mustRestart(passEnded: boolean): boolean {
    if (this.machine.lessons !== this.#lessons) return true;
    if (!this.#foresight.refuted) return false;
    if (this.#refutedAt < 0) this.#refutedAt = this.#executions;
    return passEnded || this.#executions >= 2 * this.#refutedAt + 16;
  }

  #restart(): Point {
    this.#lessons = this.machine.lessons;
    this.#foresight.restart();
    this.#refutedAt = -1;
    this.#restarts++;
    this.options.restarted?.();
    this.#executions = this.#surplus = this.#blocked = 0;
    return this.#begin();
  }

  /** Runs to the end of an execution; returns false if the execution was given up. */
  #extend(start: Point): boolean {
    const { machine } = this;
    let point = start;
    let previous = -1;
    while (!machine.cut) {
      const guided = point.first !== null;
      if (!guided) {
        const task = this.#choose(previous, point.sleep);
        if (task < 0) break;
        this.#branchOut(point, task);
      }
      const branch = point.first;
      if (branch === null) break;
      if (branch.reversed && this.#choosesStores(branch.task)) {
        this.#branchOut(point, branch.task, branch);
      }
      this.#points[this.#history.length] = point;
      const step = this.#take(branch);
      previous = step.task;
      const { sleep } = point;
      point = branch;
      if (sleep.length > 0) point.sleep = stillAsleep(sleep, step.task, step.footprint);
      if (guided && point.first === null && anyAsleep(point.sleep)) {
        this.#surplus++;
        return false;
      }
    }
    return !this.#allAsleep(point.sleep);
  }

  #allAsleep(sleep: readonly Foreseen[]): boolean {
    if (sleep.length === 0 || this.machine.cut) return false;
    const blocked = sleep.some((entry) => this.machine.enabled(entry.task));
    if (blocked) this.#blocked++;
    return blocked;
  }

  /** The task that ran last if it can continue, else the first task that can; -1 if there is none. */
  #choose(previous: number, sleep: readonly Foreseen[]): number {
    if (previous >= 0 && this.#awake(previous, sleep)) return previous;
    const { length } = this.machine.tasks;
    for (let task = 1; task < length; task++) if (this.#awake(task, sleep)) return task;
    return -1;
  }

  #awake(task: number, sleep: readonly Foreseen[]): boolean {
    const { machine } = this;
    if (!machine.enabled(task)) return false;
    return (
      sleep.length === 0 || machine.choices(task).some((outcome) => !isAsleep(sleep, task, outcome))
    );
  }

  #choosesStores(task: number): boolean {
    return this.machine.tasks[task]?.pending?.kind.choices !== undefined;
  }

  /** Plans a branch for each outcome of the task's next step that is not asleep. */
  #branchOut(point: Point, task: number, planned: Branch | null = null): void {
    const choices = this.machine.choices(task);
    const nth = this.machine.tasks[task]?.steps ?? 0;
    for (const outcome of choices) {
      if (outcome === planned?.outcome || isAsleep(point.sleep, task, outcome)) continue;
      addBranch(point, new Branch(task, nth, outcome, choices.length));
    }
  }

  #take(branch: Branch): Step {
    const { machine } = this;
    const step = this.#history.next();
    step.task = branch.task;
    step.outcome = branch.outcome;
    step.outcomes = branch.outcomes;
    step.nth = machine.tasks[branch.task]?.steps ?? 0;
    const request = machine.tasks[branch.task]?.pending ?? null;
    const object = request?.object ?? null;
    step.request = request;
    machine.run(branch.task, branch.outcome);
    this.#steps++;
    step.location = object === null ? -1 : object.base + (request?.index ?? 0);
    step.before = machine.before;
    step.beforeOthers = machine.beforeOthers;
    step.quiet = machine.quiet;
    step.stored = machine.stored;
    step.told = machine.outcome;
    step.footprint = machine.footprint;
    step.born = machine.born;
    branch.footprint = step.footprint;
    branch.exact = true;
    this.#foresight.learn(step.task, step.nth, step.footprint, machine.operationEntries);
    this.#history.add(step);
    return step;
  }

  /** The execution has ended: shows it to the visitor, and plans the reversal of its races. */
  #complete(): void {
    const { machine } = this;
    const history = this.#history;
    this.#executions++;
    this.#depth = Math.max(this.#depth, history.length);
    if (machine.cut) this.#cut = true;
    // Collect these before the final check, which may wake tasks and spawn others that do not count.
    const blocked = this.#blockedRaces;
    blocked.clear();
    if (!machine.cut) {
      for (let task = 1; task < machine.tasks.length; task++) history.addBlocked(task, blocked);
    }
    machine.finish();
    if (this.visit(history)) this.#stopped = true;
    for (let i = 0; i < history.length; i++) this.#reverseAll(history.step(i).races);
    this.#reverseAll(blocked);
  }

  #reverseAll(races: Races | null): void {
    if (races === null) return;
    for (let i = 0; i < races.length; i++) {
      const race = races.at(i);
      if (race !== undefined) this.#reverse(race);
    }
  }

  /** Plans the reversal of a race, unless nothing in it has changed since it was last planned. */
  #reverse(race: Race): void {
    const history = this.#history;
    const { cover: known } = race;
    if (known !== null && race.second < this.#replayed) {
      if (history.stillCovered(race, known, this.#replayed)) return;
    }
    const sequence = history.withoutFirst(race, this.#replayed);
    if (sequence === null) return;
    const cover = this.#plan({ depth: race.first, sequence, reverses: true });
    race.cover = cover?.outcomes === 1 ? cover : null;
  }

  /** Returns what already covers the plan. If nothing does, inserts the plan and returns null. */
  #plan(plan: Plan): Foreseen | null {
    const point = this.#points[plan.depth];
    if (point === undefined) return null;
    if (this.#foresight.empty) this.#foresight.reliedOnEmpty = true;
    const cover = asleep(point, plan.sequence, this.#foresight);
    if (cover === null) insert(point, plan, this.#foresight);
    return cover;
  }

  /** Goes back to the deepest point with unexplored branches, and replays the execution up to it. */
  #backtrack(givenUp: boolean): Point | null {
    const history = this.#history;
    let vain = givenUp;
    for (let depth = history.length - 1; depth >= 0; depth--) {
      const point = this.#points[depth];
      if (point === undefined) break;
      const branch = point.first;
      if (branch === null) break;
      point.first = branch.next;
      if (vain) {
        // Treat the branch as if it had never been planned: its step does not go to sleep, and its subsumed plans are
        // planned again.
        for (const plan of branch.subsumed ?? []) this.#plan(plan);
        vain = !point.explored;
        if (point.first === null) continue;
      } else {
        point.explored = true;
        if (point.first === null) continue;
        point.sleep = [...point.sleep, goneToSleep(branch)];
      }
      this.#replay(depth);
      return point;
    }
    return null;
  }

  #replay(depth: number): void {
    const history = this.#history;
    history.reset();
    this.machine.boot();
    for (let i = 0; i < depth; i++) {
      const step = history.next();
      this.machine.run(step.task, step.outcome);
      this.#steps++;
      history.again(step);
    }
    this.#replayed = depth;
  }

  #result(complete: boolean): DporResult {
    this.#history.giveBack();
    return {
      strategy: 'dpor',
      executions: this.#executions,
      complete: complete && !this.#cut,
      surplus: this.#surplus,
      restarts: this.#restarts,
      blocked: this.#blocked,
      steps: this.#steps,
      depth: this.#depth,
      bound: this.#cut ? 'steps' : complete || this.#stopped ? null : 'executions',
    };
  }
}
