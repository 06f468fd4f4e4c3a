// SPDX-License-Identifier: GPL-2.0-only
/** What marked accesses have in common, whether of a field or of a counter: the store that each of them reads or follows. */
import {
  type Arguments,
  type Effect,
  type Kind,
  type Machine,
  makeMarked,
  markedChoices,
  markedValue,
  type MarkedAccess,
  type MachineObject,
  type Releasing,
  type Request,
  type Task,
  type Wanted,
} from '../machine';

/** How a kind of marked access finds its location. */
export interface Place<O extends MachineObject, A extends Arguments> {
  readonly load: boolean;
  readonly store: boolean;
  /** It gives no value: what it reads, nobody learns. */
  readonly silent?: boolean;
  readonly point: (request: Request<O, A>) => Releasing;
  /** What the location holds now. */
  readonly now: (request: Request<O, A>) => unknown;
  /** What the access comes to if it reads this. */
  readonly effect: (read: unknown, request: Request<O, A>) => Effect;
  /** The memory that a value points to. */
  readonly pointerOf?: (value: unknown) => MachineObject | null;
}

const ONLY_NEWEST: readonly number[] = [0];
const nowhere = (): null => null;

/** The outcomes of a marked access: which stores it may read, or go behind. */
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
      return markedValue(wantedOf(place, task, request), place.now(request), outcome);
    },
  };
}

/** A marked access that is being made. */
export interface Made {
  /** What it reads, or follows. */
  readonly read: unknown;
  /** Where its clocks come from and go to: the location, or an older store there. */
  readonly from: Releasing;
  /** Whether the location itself takes the new value; else a newer store has overtaken this one. */
  readonly newest: boolean;
  readonly access: MarkedAccess | null;
}

/** Makes a marked access, as the explorer chose. */
export function make<O extends MachineObject, A extends Arguments>(
  place: Place<O, A>,
  machine: Machine,
  task: Task,
  request: Request<O, A>,
): Made {
  const now = place.now(request);
  const wanted = wantedOf(place, task, request);
  const access = makeMarked(machine, task, wanted, now);
  if (access === null || machine.outcome === 0) {
    return { read: now, from: wanted.point, newest: true, access };
  }
  const [source] = access.sources;
  return { read: source?.value, from: source ?? access, newest: false, access };
}

/** Books what a store wrote, and the clock that it passes on. */
export function wrote({ access, from }: Made, value: unknown): void {
  if (access?.store !== true) return;
  access.value = value;
  access.released = from.released?.slice() ?? null;
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
    pointerOf: place.pointerOf ?? nowhere,
  };
}

/** Whether the object a request names can be looked at; the step itself says what is wrong with one that cannot. */
function isThere(object: MachineObject): boolean {
  try {
    object.fresh();
    return true;
  } catch {
    return false;
  }
}
