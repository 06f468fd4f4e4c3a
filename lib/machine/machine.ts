// SPDX-License-Identifier: GPL-2.0-only
/**
 * The machine: runs one step of one task at a time and records what the step touched.
 *
 * A step is an operation and the plain code after it, up to the task's next operation. Its footprint, the locations it read and
 * wrote, drives the exploration. The clocks that synchronising operations pass on drive the detectors. The explorer picks tasks.
 */
import * as clocks from './clock';
import { finishAlone, waitAlone, WaitsForEver } from './alone';
import { current } from './current';
import { InternalError, TaskKilled, UsageError } from './errors';
import { type Finding, Gravity, gravestOf } from './finding';
import { changes, locationOf } from './footprint';
import { Lessons } from './lessons';
import { EndlessLoop } from './memory';
import type { Complaint } from './monitor';
import { SyncObject } from './object';
import {
  forgetResult,
  forgetUnstarted,
  mustBeOver,
  type Op,
  type Request,
  requestIn,
  unstarted,
} from './op';
import { ForgottenYield, reportUncaught } from './oops';
import { ARRIVE, firstRequest, mayNotSleep } from './interrupt';
import { firstOutcomes, type MachineOptions, type Program } from './program';
import { Log } from './reordering';
import { resume } from './resume';
import { unwind } from './scopes';
import { FOLLOW, START } from './start';
import { type Lead, Task, UNWATCHED, type TaskContext, childPath } from './task';

/** What identifies a task, and its location in memory. */
interface Place {
  readonly path: string;
  readonly id: number;
  readonly base: number;
}

const NOBODY: number[] = [];

export class Machine extends Lessons {
  protected readonly machine = this;
  /** Tasks by number. A number belongs to one path for the whole exploration, so there may be gaps. */
  readonly tasks: (Task | undefined)[] = [];
  /** The task of the running step; the boot task outside of steps. */
  task: Task;
  findings: Finding[] = [];
  /** Steps run in this execution. */
  steps = 0;
  /** Tasks spawned by the running step. */
  born: number[] = NOBODY;
  /** The outcome that the explorer gave to the current choice; 1 after a step in which a poll went on although nothing had changed. */
  outcome = 0;
  /** The state of the operation's object before the step. */
  before = 0;
  /** Likewise of the further objects that it sets, by location; null for most steps. */
  beforeOthers: ReadonlyMap<number, number> | null = null;
  /** The marks that scenarios have reached in this execution. */
  marks = new Set<string>();
  /** The execution was cut off at stepsMax. */
  cut = false;
  /** Programs must report what tasks share outside of objects (touchWorld), for a search that recognises states by footprints. */
  tracksWorld = false;
  /** The step did not change its operation's object. A failed trylock, for example, must not wake a task that spins on the lock. */
  quiet = false;
  /** Steps after which an execution is cut off. */
  stepsMax: number;
  readonly #children: Place[][] = [];
  #lastId = 0;
  #births = 0;

  constructor(
    readonly program: Program,
    options: MachineOptions = {},
  ) {
    super(options.monitors ?? []);
    this.stepsMax = options.stepsMax ?? 5000;
    ({ commuting: this.commuting = false, fair: this.fair = false } = options);
    this.reorders = options.reorders === 'always';
    this.interleavesOnly = options.reorders === 'never';
    this.task = this.#bootTask();
  }

  /** Starts a new execution. */
  boot(): void {
    current.machine = this;
    this.newEpoch();
    this.log = this.reorders ? (this.log ?? new Log()).reset() : null;
    this.tasks.fill(undefined);
    if (this.findings.length > 0) this.findings = [];
    this.born = NOBODY;
    this.steps = this.#births = 0;
    this.cut = false;
    if (this.marks.size > 0) this.marks.clear();
    forgetUnstarted();
    this.task = this.#bootTask();
    this.tasks[0] = this.task;
    for (const monitor of this.monitors) monitor.boot?.(this);
    this.#guarded(() => {
      this.program.boot(this);
    });
    this.task.done = this.task.pending === null;
    for (const task of this.tasks) task?.beginAnew();
    this.steps = 0;
    this.born = NOBODY;
  }

  #bootTask(): Task {
    const task = new Task(0, '', 'swapper', 'process', () => []);
    clocks.set(task.clock, 0, 1);
    return task;
  }

  /** The identity of a task's nth child: the same in every execution of an exploration. */
  #childOf(parent: Task): Place {
    const nth = parent.children++;
    const siblings = (this.#children[parent.id] ??= []);
    let place = siblings[nth];
    if (place === undefined) {
      const id = ++this.#lastId;
      place = siblings[nth] = {
        path: childPath(parent.path, nth),
        id,
        base: this.taskLocation(id),
      };
      this.ids.set(place.path, id);
    }
    return place;
  }

  /**
   * Creates a child of the running task, which starts when the explorer schedules it. With `alike`, a task with the same code and
   * world, it must not overtake that task's first operation: such executions would only exchange their names, unless the code
   * learns which of them runs it.
   */
  spawn(
    comm: string,
    start: () => Op<unknown>,
    context: TaskContext = 'process',
    alike: Task | null = null,
  ): Task {
    const like = this.toldApart ? null : alike;
    this.hasAlike ||= alike !== null;
    const parent = this.task;
    const { path, id, base } = this.#childOf(parent);
    const task = new Task(id, path, comm, context, start);
    task.epoch = this.epoch;
    task.base = base;
    if (this.spinning) task.watched = new Map();
    if (mayNotSleep(context)) task.atomicDepth = 1;
    task.irqsOff = context === 'hardirq';
    task.interruptible = this.victims.has(path);
    if (task.interruptible) task.cpu = this.cpuOf(task);
    if (this.clocking) {
      task.clock = clocks.copy(parent.clock);
      this.tick(parent);
      clocks.set(task.clock, id, 1);
    }
    task.birth = this.#births++;
    if (this.log !== null && parent.id !== 0) {
      this.log.release(parent.id, task, false, false);
      this.log.acquire(id, task, false);
    }
    this.tasks[id] = task;
    this.born = this.born === NOBODY ? [id] : [...this.born, id];
    const running = this.task;
    this.task = task;
    task.pending = firstRequest(context, like);
    task.eager = !this.startSteps && like === null && this.choices(id).length === 1;
    if (task.eager) this.#startEagerly(task);
    this.task = running;
    return task;
  }

  /** Runs the code before the first operation immediately, which saves a step. This is impossible if that code touches memory. */
  #startEagerly(task: Task): void {
    const { touches } = this;
    const found = this.findings.length;
    START.perform(this, task);
    this.advance(task, undefined);
    if (this.touches !== touches || this.findings.length !== found || task.done) {
      this.startSteps = true; // the explorer notices and restarts
    }
  }

  /** Whether a task could take its next step now. */
  enabled(id: number): boolean {
    const task = this.tasks[id];
    if (task === undefined || task.pending === null) return false;
    if (task.cpu?.busy === true) return false;
    const { kind, object } = task.pending;
    if (kind.enabled === undefined) return true;
    let state = 0;
    try {
      // Only objects with a state have operations that wait.
      if (object !== null) state = (object.fresh() as SyncObject).state;
    } catch {
      return true; // the object does not exist: running the step reports that
    }
    return kind.enabled(state, task, task.pending);
  }

  /** The outcomes that a task's next step may have: only 0 unless it is a choice. */
  choices(id: number): readonly number[] {
    const task = this.tasks[id];
    const request = task?.pending ?? null;
    if (task === undefined || request === null) return firstOutcomes(1);
    if (request.kind === ARRIVE) return this.victims.outcomes(task.context);
    if (this.reorders && request.kind.choices) return request.kind.choices(this, task, request);
    return firstOutcomes(request.kind.outcomes?.(this, task, request) ?? 1);
  }

  /** Runs the next step of a task, which must be enabled. */
  run(id: number, outcome = 0): void {
    const task = this.tasks[id];
    const request = task?.pending ?? null;
    if (task === undefined || request === null)
      throw new InternalError(`machine: task ${id} has no step`);
    this.task = task;
    this.outcome = outcome;
    if (this.log !== null) this.log.step = this.steps;
    this.steps++;
    task.steps++;
    task.lastStep = this.steps;
    this.born = NOBODY;
    this.stored = false;
    let result: unknown;
    try {
      this.beginFootprint(request);
      this.before = request.object instanceof SyncObject ? request.object.state : 0;
      const others = request.kind.sets?.(request) ?? null;
      this.beforeOthers = others && new Map(others.map(({ base, state }) => [base, state]));
      result = request.gives(request.kind.perform(this, task, request));
      this.recorder?.performed(request, this.before, result);
    } catch (error) {
      this.#died(task, error);
      if (this.spinning) this.#stir(task, request);
      return;
    }
    this.advance(task, result);
    if (task.lead !== null) this.#led(task, task.lead, request);
    if (this.spinning) this.#stir(task, request);
    if (this.steps >= this.stepsMax) this.cut = true;
  }

  /** After this task has run its first operation, or has ended without one, lets the tasks start that must not overtake it. */
  #led(task: Task, lead: Lead, { kind }: Request): void {
    if (lead.state !== 0 || ((kind === START || kind === FOLLOW) && !task.done)) return;
    lead.state = 1;
    this.touch(lead.base, true);
  }

  /** Keeps what the step touched for a later cpu_relax() of its task, and wakes spinning tasks that had read what it wrote. */
  #stir(task: Task, { kind, object, index }: Request): void {
    if (task.watched === UNWATCHED) return; // the machine has just learnt that tasks spin, and will boot again
    const { footprint } = this;
    const seen = kind.since === undefined && kind.tellsNothing !== true;
    for (let i = seen ? 0 : this.operationEntries; i < footprint.length; i++) {
      const location = locationOf(footprint[i] ?? 0);
      if (!task.watched.has(location)) task.watched.set(location, this.steps - 1);
    }
    this.quiet = object instanceof SyncObject && object.state === this.before;
    const unchanged = this.quiet && object !== null ? object.base + index : -1;
    const written = footprint.filter(
      (access) => changes(access) && locationOf(access) !== unchanged,
    );
    for (const other of this.tasks) {
      if (other === undefined || other === task || other.stirred) continue;
      other.stirred = written.some((access) => other.watched.has(locationOf(access)));
    }
  }

  /** Resumes a task's code with the result of its operation, up to its next one. */
  advance(task: Task, result: unknown): void {
    let yielded: IteratorResult<Request, unknown>;
    try {
      if (task.generator === null) throw new InternalError('machine: a task runs without code');
      yielded = resume(task.generator, result);
      if (unstarted.length !== 0) throw new ForgottenYield();
      if (yielded.done === true) {
        mustBeOver(yielded);
        forgetResult();
        this.#finish(task);
        return;
      }
      const request = requestIn(yielded.value);
      if (request === null)
        throw new UsageError('a task yielded something that is not an operation');
      task.pending = request;
      request.kind.announce?.(this, task, request);
    } catch (error) {
      forgetUnstarted();
      this.#died(task, error);
    }
  }

  #finish(task: Task): void {
    task.pending = null;
    task.generator = null;
    task.done = true;
    task.state = 1;
    if (task.onStack.length > 0) unwind(this, task, 0);
    if (this.exitSteps) this.touch(task.base, true);
    if (task.cpu !== null && task.cpu.state !== 0) {
      this.touch(task.cpu.base, true);
      task.cpu.state = 0; // nothing is off on a CPU where nothing runs
    }
    this.release(task, task);
    for (const monitor of this.exitMonitors) monitor.exit?.(this, task);
  }

  #died(task: Task, error: unknown): void {
    if (error instanceof InternalError) throw error;
    if (!(error instanceof TaskKilled)) reportUncaught(this, task, error);
    task.killed = true;
    this.#finish(task);
  }

  /** Runs operations of the boot task immediately, for set-up and final checks. Only what they wait for runs in between. */
  runNow<T>(op: Op<T>): T {
    const boot = this.task;
    const iterator = op[Symbol.iterator]();
    let step = iterator.next();
    while (step.done !== true) {
      const request = requestIn(step.value);
      if (request === null)
        throw new UsageError('set-up code yielded something that is not an operation');
      boot.pending = request;
      request.kind.announce?.(this, boot, request);
      if (!this.enabled(boot.id)) waitAlone(this);
      if (++this.steps > this.stepsMax)
        throw new EndlessLoop(`${this.stepsMax} operations without an end`, request.site);
      this.outcome = 0;
      this.beginAlone(request);
      this.before = request.object instanceof SyncObject ? request.object.state : 0;
      const result = request.gives(request.kind.perform(this, boot, request));
      this.recorder?.performed(request, this.before, result);
      step = iterator.next(result);
      if (unstarted.length !== 0) throw new ForgottenYield();
    }
    boot.pending = null;
    mustBeOver(step);
    const { value } = step; // taken first: an operation of its own hands over by what is emptied now
    forgetResult();
    return value;
  }

  /** Runs set-up or a final check; an exception of the code under test is a finding there, too. */
  #guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      forgetUnstarted();
      if (error instanceof InternalError) throw error;
      if (!(error instanceof TaskKilled)) reportUncaught(this, this.task, error);
      if (!(error instanceof WaitsForEver)) this.task.pending = null;
    }
  }

  /** Records a finding. The execution continues, as a kernel does, unless the task is killed. */
  report(finding: Finding): void {
    this.findings.push(finding);
  }

  /** Kills the running task, as an oops does. Whatever it holds stays held. */
  oops(finding: Finding): never {
    this.report(finding);
    throw new TaskKilled(finding.kind);
  }

  /** A primitive's own check failed; a detector decides how grave that is and what the report says. */
  complain(complaint: Complaint): void {
    for (const monitor of this.monitors) monitor.complaint?.(this, this.task, complaint);
  }

  /** Ends the execution: runs the final check and the detectors' last checks. */
  finish(): void {
    this.task = this.tasks[0] ?? this.task;
    this.endFootprint();
    const done = this.tasks.every((task) => task === undefined || task.done);
    // Run the check even after findings that have not damaged anything yet.
    const spoilt = this.findings.some(({ gravity }) => gravity < Gravity.Context);
    if (done && !this.cut && !spoilt) {
      this.#guarded(() => {
        finishAlone(this);
      });
    }
    this.recorder?.checked();
    for (const monitor of this.monitors) monitor.end?.(this);
  }

  /** The gravest finding; of equals, one that happened before one that was predicted, then the earliest. */
  gravest(): Finding | null {
    return gravestOf(this.findings);
  }
}
