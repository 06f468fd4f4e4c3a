// SPDX-License-Identifier: GPL-2.0-only
/** What marked accesses of fields and counters have in common: the choice of the store that each reads or follows. */
import {
  type Arguments,
  copyClock,
  type Effect,
  type Kind,
  type Machine,
  makeMarked,
  markedChoices,
  markedReading,
  type MarkedAccess,
  type MachineObject,
  type Releasing,
  type Request,
  StructObject,
  type Task,
  type Wanted,
} from '../machine';

/** How a kind of marked access finds its location. */
export interface Place<O extends MachineObject, A extends Arguments> {
  readonly load: boolean;
  readonly store: boolean;
  /** It has no result, so nobody learns what it reads. */
  readonly silent?: boolean;
  readonly point: (request: Request<O, A>) => Releasing;
  /** The current value of the location. */
  readonly now: (request: Request<O, A>) => unknown;
  /** The effect of the access if it reads this value. */
  readonly effect: (read: unknown, request: Request<O, A>) => Effect;
  /** What its task learns of the value that it reads, if that is not the value itself. */
  readonly learns?: (read: unknown, request: Request<O, A>) => unknown;
  /** The memory that a value points to. */
  readonly pointerOf?: (value: unknown) => MachineObject | null;
}

const ONLY_NEWEST: readonly number[] = [0];
const nowhere = (): null => null;

/** The outcomes of a marked access: which stores it may read, or be placed before. */
export function choosing<O extends MachineObject, A extends Arguments>(
  place: Place<O, A>,
): Pick<Kind<O, A>, 'choices' | 'reads'> {
  return {
    choices(machine, task, request) {
      if (machine.log === null || !isThere(request.object)) return ONLY_NEWEST;
      return markedChoices(machine, wantedOf(place, task, request), place.now(request));
    },
    reads(_machine, task, request, outcome) {
      if (!place.load || place.silent === true) return undefined;
      const read = markedReading(wantedOf(place, task, request), place.now(request), outcome);
      return place.learns === undefined
        ? read
        : { ...read, value: place.learns(read.value, request) };
    },
  };
}

/** A marked access in progress. */
export interface Made {
  /** The value it reads or follows. */
  readonly read: unknown;
  /** Where its clocks come from and go to: the location, or an older store to it. */
  readonly from: Releasing;
  /** Whether the location takes the new value; otherwise a newer store is already there. */
  readonly newest: boolean;
  readonly access: MarkedAccess | null;
  /** The number of the location. */
  readonly location: number;
}

/** Makes a marked access with the outcome that the explorer chose. */
export function make<O extends MachineObject, A extends Arguments>(
  place: Place<O, A>,
  machine: Machine,
  task: Task,
  request: Request<O, A>,
): Made {
  const now = place.now(request);
  const wanted = wantedOf(place, task, request);
  const access = makeMarked(machine, task, wanted, now);
  const location = request.object.base + request.index;
  if (access === null || machine.outcome === 0) {
    return { read: now, from: wanted.point, newest: true, access, location };
  }
  const [source] = access.sources;
  return { read: source?.value, from: source ?? access, newest: false, access, location };
}

/** Records the value of a store, and the clock that it passes on. */
export function wrote({ access, from }: Made, value: unknown): void {
  if (access?.store !== true) return;
  access.value = value;
  access.released = from.released === null ? null : copyClock(from.released);
}

function wantedOf<O extends MachineObject, A extends Arguments>(
  place: Place<O, A>,
  task: Task,
  request: Request<O, A>,
): Wanted {
  return {
    task: task.id,
    point: place.point(request),
    load: place.load,
    store: place.store,
    silent: place.silent ?? false,
    effect: (read) => place.effect(read, request),
    target: request.object.outermost,
    indexed: request.object instanceof StructObject && request.object.layout.isArray,
    pointerOf: place.pointerOf ?? nowhere,
  };
}

/** Whether the object of a request is accessible. If not, running the step reports why. */
function isThere(object: MachineObject): boolean {
  try {
    object.fresh();
    return true;
  } catch {
    return false;
  }
}
