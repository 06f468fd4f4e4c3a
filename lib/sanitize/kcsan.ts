// SPDX-License-Identifier: GPL-2.0-only
/**
 * KCSAN: data races. Reports as kernel/kcsan/report.c does, but finds them with vector clocks, not by chance: two
 * accesses to one location, at least one a write and at least one plain, that synchronises-with does not order (Flanagan
 * and Freund, FastTrack, 2009). Unlike FastTrack it keeps one epoch per task, because marked accesses need not be
 * ordered among themselves.
 *
 * Misses: races between marked accesses, which are not data races but may still be wrong; all but the first race on one
 * location in an execution. Where the clocks and the kernel's ordering differ, it may miss a race: a store counts as
 * ordered after every earlier load of its task, dependent or not. The boot task runs alone, so its accesses do not race.
 */
import {
  type Clock,
  covers,
  type Finding,
  Gravity,
  type Machine,
  type MachineObject,
  type Monitor,
  type Request,
  type Task,
  type Telling,
} from '../machine';
import { bytesAt, cpuLine, locationName, rule } from './layout';

/** Finds data races, one per location and execution. */
export function kcsan(): Monitor {
  const locations: (Location | undefined)[] = [];
  return {
    name: 'kcsan',
    access(machine, task, object, index, writes, marked, site) {
      if (task.id === 0) return;
      const write = writes && !(marked && leaves(task.pending, object, index));
      const location = (locations[object.base + index] ??= new Location());
      if (location.epoch !== machine.epoch) location.begin(machine.epoch);
      if (location.reported) return;
      const at = object.base + index;
      const earlier = location.race(machine, at, { task, write, marked });
      if (earlier === null) {
        location.add(task, write, marked, site);
      } else {
        location.reported = true;
        if (earlier.marked && earlier.write) machine.mix(at);
        machine.report(dataRace(machine, object, index, earlier, { task, write, marked, site }));
      }
    },
  };
}

/** Whether an access is an operation that leaves the location as it is: that is a load. */
function leaves(request: Request | null, object: MachineObject, index: number): boolean {
  if (request?.object !== object || request.index !== index) return false;
  return request.kind.leaves?.(request) === true;
}

/** One side of a race. */
interface Side {
  readonly task: Task;
  readonly write: boolean;
  readonly marked: boolean;
  readonly site: string;
}

/** An access that is about to happen. */
type Now = Pick<Side, 'task' | 'write' | 'marked'>;

/** Accesses of one sort to one location, none of them ordered before another, each with its epoch. */
class Epochs {
  /** How many entries are valid; the rest is left over from earlier executions. */
  #count = 0;
  readonly #tasks: Task[] = [];
  readonly #clocks: number[] = [];
  readonly #sites: string[] = [];

  constructor(
    readonly write: boolean,
    readonly marked: boolean,
  ) {}

  /** The first access that is not ordered before what a task does now. */
  unordered(machine: Machine, at: number, now: Now): Side | null {
    const { id, clock } = now.task;
    for (let i = 0; i < this.#count; i++) {
      const task = this.#tasks[i];
      if (task === undefined || task.id === id) continue;
      const time = this.#clocks[i] ?? 0;
      if (time <= (clock[task.id] ?? 0) || this.#isKnown(machine, at, now, task.id, time)) continue;
      return { task, write: this.write, marked: this.marked, site: this.#sites[i] ?? '' };
    }
    return null;
  }

  /** Whether less than a release and an acquire orders an access before what a task does now. */
  #isKnown(machine: Machine, at: number, { task, ...now }: Now, id: number, time: number): boolean {
    const knows = (clock: Clock | null): boolean =>
      clock !== null && this.#covered(machine, at, clock, id, time);
    if (knows(task.clock)) return true;
    if (!now.write) return knows(task.readable);
    // A marked store stays behind the loads before it.
    return now.marked && knows(task.seen);
  }

  /** Whether a clock knows of such an access, even if not of everything its task did. */
  #covered(machine: Machine, at: number, clock: Clock, task: number, time: number): boolean {
    if (!this.write) return covers(clock, task, time, -1);
    if (covers(clock, task, time, machine.fencedStoresComponent(task))) return true;
    return this.marked && covers(clock, task, time, machine.storesComponent(at, task));
  }

  /**
   * Adds an access and drops those that are ordered before it: an access that races with them also races with the new
   * one, or would have been found earlier.
   */
  add(task: Task, site: string): void {
    let kept = 0;
    for (let i = 0; i < this.#count; i++) {
      const other = this.#tasks[i];
      const clock = this.#clocks[i] ?? 0;
      if (other === undefined || clock <= (task.clock[other.id] ?? 0)) continue;
      if (kept !== i) this.#put(kept, other, clock, this.#sites[i] ?? '');
      kept++;
    }
    this.#put(kept, task, task.clock[task.id] ?? 0, site);
    this.#count = kept + 1;
  }

  #put(i: number, task: Task, clock: number, site: string): void {
    this.#tasks[i] = task;
    this.#clocks[i] = clock;
    this.#sites[i] = site;
  }

  clear(): void {
    this.#count = 0;
  }
}

class Location {
  epoch = 0;
  reported = false;
  readonly #writes = new Epochs(true, false);
  readonly #reads = new Epochs(false, false);
  readonly #markedWrites = new Epochs(true, true);
  readonly #markedReads = new Epochs(false, true);

  begin(epoch: number): void {
    this.epoch = epoch;
    this.reported = false;
    this.#writes.clear();
    this.#forget();
  }

  #forget(): void {
    this.#reads.clear();
    this.#markedWrites.clear();
    this.#markedReads.clear();
  }

  /** An earlier access that the new one races with. */
  race(machine: Machine, at: number, now: Now): Side | null {
    const written = this.#writes.unordered(machine, at, now);
    if (written !== null) return written;
    if (now.marked) return now.write ? this.#reads.unordered(machine, at, now) : null;
    const race = this.#markedWrites.unordered(machine, at, now);
    if (race !== null || !now.write) return race;
    return this.#reads.unordered(machine, at, now) ?? this.#markedReads.unordered(machine, at, now);
  }

  /** Remembers an access that raced with nothing. A plain write replaces all earlier accesses, as they are ordered before it. */
  add(task: Task, write: boolean, marked: boolean, site: string): void {
    if (marked) (write ? this.#markedWrites : this.#markedReads).add(task, site);
    else if (!write) this.#reads.add(task, site);
    else {
      this.#writes.clear();
      this.#writes.add(task, site);
      this.#forget();
    }
  }
}

function dataRace(
  machine: Machine,
  object: MachineObject,
  index: number,
  earlier: Side,
  later: Side,
): Finding {
  const what = locationName(object, index);
  const bytes = bytesAt(object, index);
  const side = (telling: Telling, { task, write, marked, site }: Side): string[] => [
    `${write ? 'write' : 'read'}${marked ? ' (marked)' : ''} to ${what} of ${bytes} bytes by task ${task.pid} on cpu ${task.cpuNumber}:`,
    ...telling.stack(site),
    '',
  ];
  return {
    kind: 'data-race',
    gravity: Gravity.DataRace,
    task: later.task,
    step: machine.steps,
    headline: (telling) => {
      const names = [telling.where(earlier.site), telling.where(later.site)].sort();
      return `BUG: KCSAN: data-race in ${names.join(' / ')}`;
    },
    body: (telling) => [
      ...side(telling, earlier),
      ...side(telling, later),
      'Reported by Kernel Concurrency Sanitizer on:',
      cpuLine(later.task),
      rule(66),
    ],
  };
}
