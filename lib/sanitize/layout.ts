// SPDX-License-Identifier: GPL-2.0-only
/**
 * What the kernel's reports have in common: the CPU and task, the held locks, the name of a location. A body never
 * begins with a ruler or a blank line: the report adds what separates it from the headline.
 */
import {
  type Allocation,
  type Held,
  type MachineObject,
  Scalar,
  StructObject,
  type SyncObject,
  type Task,
  type Telling,
} from '../machine';

/** The ruler that ends a report, as wide as the kernel's for that kind. */
export function rule(width: number): string {
  return '='.repeat(width);
}

/** `CPU: 1 PID: 101 Comm: rbd-put`. Every task runs on a CPU of its own. */
export function cpuLine(task: Task): string {
  return `CPU: ${task.cpuNumber} PID: ${task.pid} Comm: ${task.comm}`;
}

/** The CPU line, and the stack of what the task was doing. */
export function callTrace(telling: Telling, task: Task, site: string): string[] {
  return [cpuLine(task), 'Call Trace:', ...telling.stack(site)];
}

/** `COMM/PID`, as most reports name a task. */
export function nameOf(task: Task): string {
  return `${task.comm}/${task.pid}`;
}

/** Where in the program a stack was taken: ` FILE:LINE`, or the fallback if nothing was recorded. */
export function placeOf(telling: Telling, site: string, fallback: string): string {
  const frame = telling.frames(site)[0];
  return frame === undefined ? fallback : `${frame.file}:${frame.line}`;
}

/**
 * The lockdep class of a lock. The kernel makes one for each place of initialisation, so all instances of a structure's
 * member share one; here the member itself is the class. Each static lock is a class of its own.
 */
export function lockClass(lock: SyncObject): string {
  // Some objects name their class themselves, as work items do: `(work_completion)(&nbd->remove_work)`.
  const own = 'lockClass' in lock ? lock.lockClass : '';
  if (typeof own === 'string' && own !== '') return own;
  if (lock.givenClass !== '') return lock.givenClass;
  if (lock.container !== null) return memberClass(lock.container.typeName, lock.member);
  return lock.memory === null ? lock.label : lock.typeName;
}

const memberClasses = new Map<string, Map<string, string>>();

/** Made once: building the text again whenever a lock is taken would mean hashing it every time. */
function memberClass(typeName: string, member: string): string {
  let classes = memberClasses.get(typeName);
  if (classes === undefined) memberClasses.set(typeName, (classes = new Map<string, string>()));
  let name = classes.get(member);
  if (name === undefined) classes.set(member, (name = `&${typeName}->${member}`));
  return name;
}

const WAIT_TYPES = { spin: '2:2', sleep: '3:3', rcu: '1:2', map: '0:0' } as const;

/** How classes are used with respect to interrupts, where that is not always with all of them on. */
const usages = new Map<string, string>();

/** Forgets how classes are used. */
export function forgetUsage(): void {
  if (usages.size > 0) usages.clear();
}

/** Used by no interrupt, and always with all of them on: by writers, readers or both. */
const USUAL = new Set(['+.+.', '.+.+', '++++']);

/** Notes how a class is used: `-.+.`. */
export function noteUsage(name: string, letters: string): void {
  if (USUAL.has(letters)) usages.delete(name);
  else usages.set(name, letters);
}

/** `(class){usage}-{outer:inner}`. Where no interrupt takes it, and none is off, the usage only separates readers from writers. */
export function lockName(name: string, type: Held['type'], read: boolean): string {
  const usage = usages.get(name) ?? (type === 'rcu' ? '....' : read ? '++++' : '+.+.');
  return `(${name}){${usage}}-{${WAIT_TYPES[type]}}`;
}

/** A held lock as lists show it: its instance, its class and who took it. */
export function heldLine(telling: Telling, held: Held, name = lockClass(held.object)): string {
  const at = telling.where(held.site);
  return `${held.object.label} ${lockName(name, held.type, held.read)}, at: ${at}`;
}

/** lockdep_print_held_locks(). */
export function heldLocks(telling: Telling, task: Task, held: readonly Held[]): string[] {
  if (held.length === 0) return [`no locks held by ${nameOf(task)}.`];
  const locks = held.length === 1 ? '1 lock' : `${held.length} locks`;
  return [
    `${locks} held by ${nameOf(task)}:`,
    ...held.map((lock, i) => ` #${i}: ${heldLine(telling, lock)}`),
  ];
}

/** The name of a location in reports: `rbd_client#1.node.next`. */
export function locationName(object: MachineObject, index: number): string {
  const field = object.typeName === 'static' ? '' : object.fieldName(index);
  return field === '' ? object.label : `${object.label}.${field}`;
}

/** A location's name without its allocation's: `node.next`; empty if the allocation is a single location. */
export function fieldWithin(memory: Allocation, object: MachineObject, index: number): string {
  return locationName(object, index).slice(memory.object.label.length + 1);
}

const POINTER_BYTES = 8;
const INT_BYTES = 4;

function scalarBytes(zero: unknown): number {
  if (typeof zero === 'number') return INT_BYTES;
  return typeof zero === 'boolean' ? 1 : POINTER_BYTES;
}

/** How many bytes an access to a location moves, by its type: 8 for a pointer, 4 for an int. */
export function bytesAt(object: MachineObject, index: number): number {
  if (!(object instanceof StructObject)) return object.size === 1 ? INT_BYTES : POINTER_BYTES;
  const { fields, names } = object.layout;
  const slot = object.slotAt(index);
  const field = fields[names[slot] ?? ''];
  // A static has the type of its value.
  return Scalar.is(field)
    ? scalarBytes(Scalar.zeroOf(field) ?? object.values[slot])
    : POINTER_BYTES;
}

/** How many bytes an object takes, without padding. */
export function bytesOf(object: MachineObject): number {
  let bytes = 0;
  if (!(object instanceof StructObject)) {
    for (let i = 0; i < object.size; i++) bytes += bytesAt(object, i);
    return bytes;
  }
  for (const field of Object.values(object.layout.fields)) {
    if (Scalar.is(field)) bytes += scalarBytes(Scalar.zeroOf(field));
  }
  for (const member of object.members) bytes += bytesOf(member);
  return bytes;
}

/** The first object that satisfies the test, of the object itself and everything embedded in it; null if there is none. */
export function findWithin(
  object: MachineObject,
  is: (object: MachineObject) => boolean,
): MachineObject | null {
  if (is(object)) return object;
  if (!(object instanceof StructObject)) return null;
  for (const member of object.members) {
    const found = findWithin(member, is);
    if (found !== null) return found;
  }
  return null;
}
