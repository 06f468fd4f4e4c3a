// SPDX-License-Identifier: GPL-2.0-only
/**
 * Structures: memory with named fields. Reading or writing a field is a plain access that the detectors see. Embedded
 * members (locks, list heads, other structures) know their container, which container_of() needs.
 */
import { beyondElements, outside } from './bounds';
import { current } from './current';
import { type Behind, type Branded, Handle, objectOf, sealPrototype } from './handle';
import { type Allocation, MachineObject, mustBeName, type Releasing } from './object';
import { storable } from './storable';

/** A field that holds a value; `zero` is its value after kzalloc(). */
export class Scalar<T> {
  /** Type of the field's value, for the compiler only. */
  declare readonly value: T;
  readonly #zero: unknown;

  /** @internal */
  constructor(zero: unknown) {
    this.#zero = zero;
    Object.freeze(this);
  }

  /** @internal */
  static is(value: unknown): value is Scalar<unknown> {
    return typeof value === 'object' && value !== null && #zero in value;
  }

  /** @internal */
  static zeroOf(field: Scalar<unknown>): unknown {
    return field.#zero;
  }
}

sealPrototype(Scalar.prototype);

/** Something that can be embedded in a structure. */
export interface Embeddable<H extends Handle> {
  /** Name of the type, as reports have it. */
  readonly typeName: string;
  /** Type of the member, for the compiler only. */
  readonly handleType?: H;
}

/** How types make their objects. This is not a property of the type, because drivers hold types but must not get objects. */
const makers = new WeakMap<object, () => MachineObject>();

/** Declares a type that can be embedded. */
export function embeddable<H extends Handle>(
  typeName: string,
  make: () => Behind<H>,
): Embeddable<H> {
  const type = Object.freeze({ typeName });
  makers.set(type, make);
  return type;
}

/** Whether it is a type of structures, made by struct() or by the library, and not something that looks like one. */
export function isType(value: unknown): value is AnyStruct {
  return typeof value === 'object' && value !== null && makers.has(value) && 'fields' in value;
}

/** Whether it is what a field of a structure is declared as, and not something that looks like it. */
export function isFieldType(value: unknown): boolean {
  return Scalar.is(value) || (typeof value === 'object' && value !== null && makers.has(value));
}

/** Makes an object of a type, without a place in memory yet. */
export function makeObject<H extends Handle>(type: Embeddable<H>): Behind<H> {
  const make = makers.get(type);
  if (make === undefined) throw new TypeError('a member of a structure has a type of the library');
  return make() as Behind<H>; // embeddable() and struct() guarantee this
}

/** An object of a structure type. */
export type Struct<F extends Fields> = StructObject & { readonly handle: StructHandle<F> };

/** makeObject() for structures. */
export function makeStruct<F extends Fields>(type: StructType<F>): Struct<F>;
export function makeStruct(type: AnyStruct): StructObject;
export function makeStruct(type: AnyStruct): StructObject {
  return makeObject(type) as StructObject; // the maker of a structure type returns nothing else
}

/** The argument of struct(): fields and embedded members by name. */
export type Fields = Readonly<Record<string, Scalar<unknown> | Embeddable<Handle>>>;

type ScalarKeys<F extends Fields> = {
  [K in keyof F]: F[K] extends Scalar<unknown> ? K : never;
}[keyof F];
type EmbeddedKeys<F extends Fields> = Exclude<keyof F, ScalarKeys<F>>;

/** The handle of a structure with these fields, as driver code sees it. */
export type StructHandle<F extends Fields> = Branded<'struct', StructObject> & {
  [K in ScalarKeys<F>]: F[K] extends Scalar<infer T> ? T : never;
} & {
  readonly [K in EmbeddedKeys<F>]: F[K] extends Embeddable<infer H> ? H : never;
};

/** A structure type with any fields. */
export interface AnyStruct extends Embeddable<Handle> {
  /** The fields and members by name. */
  readonly fields: Fields;
}

/** A structure type, made by struct(). */
export interface StructType<F extends Fields = Fields> extends Embeddable<StructHandle<F>> {
  /** The fields and members by name. */
  readonly fields: F;
}

/** The instance type of a structure: `interface rbd_client extends StructOf<typeof rbd_client> {}`. */
export type StructOf<S> = S extends StructType<infer F> ? StructHandle<F> : never;

interface EmbeddedField {
  readonly slot: number;
  readonly offset: number;
  readonly name: string;
  readonly type: Embeddable<Handle>;
}

interface Layout {
  readonly typeName: string;
  readonly isArray: boolean;
  readonly names: readonly string[];
  readonly offsets: readonly number[];
  /** The slot that begins at each location, the last if several do. */
  readonly slots: readonly number[];
  readonly size: number;
  readonly fields: Fields;
  /** The fields that hold values, with their values after kzalloc(). */
  readonly scalars: readonly { readonly slot: number; readonly zero: unknown }[];
  /** The fields that hold members. */
  readonly embedded: readonly EmbeddedField[];
  readonly handle: new (object: MachineObject) => Handle;
}

/** The memory of a structure. */
export class StructObject extends MachineObject {
  readonly values: unknown[] = [];
  readonly handle: Handle;
  /** The objects embedded here, in the order of `layout.embedded`. */
  readonly members: readonly MachineObject[];
  readonly #points: Releasing[] = [];

  constructor(readonly layout: Layout) {
    super();
    this.handle = new layout.handle(this);
    for (const _ of layout.names) this.values.push(undefined);
    this.members = layout.embedded.map(({ slot, name, type }) => {
      const object = makeObject(type);
      object.container = this;
      object.member = name;
      this.values[slot] = object.handle;
      return object;
    });
  }

  get size(): number {
    return this.layout.size;
  }

  get typeName(): string {
    return this.layout.typeName;
  }

  /** The index of a field and its location within the structure. */
  slot(name: string, write = false): number {
    const slot = this.layout.names.indexOf(name);
    if (slot < 0 && this.layout.isArray) outside(this, name, write);
    if (slot < 0) throw new TypeError(`struct ${this.typeName} has no field ${name}`);
    return slot;
  }

  /** The slot that begins at a location within the structure; -1 if there is none. */
  slotAt(location: number): number {
    return this.layout.slots[location] ?? -1;
  }

  offset(slot: number): number {
    return this.layout.offsets[slot] ?? 0;
  }

  /** The releases through one field. */
  point(slot: number): Releasing {
    return (this.#points[slot] ??= { released: null });
  }

  override place(base: number): void {
    super.place(base);
    this.members.forEach((member, index) => {
      member.place(base + (this.layout.embedded[index]?.offset ?? 0));
    });
  }

  override live(memory: Allocation, epoch: number): void {
    super.live(memory, epoch);
    for (const member of this.members) member.live(memory, epoch);
  }

  override clear(zeroed: boolean): void {
    if (this.#points.length > 0) this.#points.length = 0;
    for (const { slot, zero } of this.layout.scalars) this.values[slot] = zeroed ? zero : undefined;
    for (const member of this.members) member.clear(zeroed);
  }

  /** Sets the initial values of a static, beyond the zeros of .bss. */
  initial: ((object: StructObject) => void) | null = null;

  /** Restores the initial state, whatever happened to it. */
  protected reset(): void {
    const { names, embedded } = this.layout;
    this.values.length = names.length;
    embedded.forEach(({ slot }, i) => (this.values[slot] = this.members[i]?.handle));
    this.clear(true);
    this.initial?.(this);
  }

  override fresh(): this {
    return this.container === null ? super.fresh() : (this.container.fresh(), this);
  }

  override fieldName(index: number): string {
    return this.layout.names[this.slotAt(index)] ?? '';
  }

  override valueAt(index: number): unknown {
    return this.values[this.slotAt(index)];
  }

  override *references(): Generator {
    for (const value of this.values) yield value;
  }
}

function define(
  prototype: object,
  name: string,
  slot: number,
  /** Which of the members it is, if it is one. */
  nth: number,
  field: Scalar<unknown> | Embeddable<Handle>,
): void {
  const scalar = Scalar.is(field);
  Object.defineProperty(prototype, name, {
    enumerable: true,
    get(this: StructHandle<Fields>): unknown {
      const object = objectOf(this);
      if (!scalar) return object.members[nth]?.handle; // the member itself, whatever a slot may hold
      current.machine.plain(object, object.offset(slot), false);
      return object.values[slot];
    },
    set(this: StructHandle<Fields>, value: unknown): void {
      const object = objectOf(this);
      if (!scalar) throw new TypeError(`${name} is embedded: it cannot be assigned`);
      storable(value);
      current.machine.plain(object, object.offset(slot), true);
      object.values[slot] = value;
    },
  });
}

/**
 * Defines a structure: the value is used to allocate and embed it, the type is declared beside it.
 *
 * @example
 * const rbd_client = struct('rbd_client', { client: ptr<ceph_client>(), kref: kref, node: list_head });
 * interface rbd_client extends StructOf<typeof rbd_client> {}
 * @param typeName its name in reports
 * @param members its fields by name, each with its type: `int`, `list_head`, `ptr<...>()`
 * @returns the type, which allocates, embeds and declares structures
 */
export function struct<const F extends Fields>(typeName: string, members: F): StructType<F> {
  mustBeName(typeName);
  return laidOut(typeName, members, false);
}

/** The type of an array: its fields are named 0, 1, ..., which is how an index finds them, and there are no others. */
export function arrayType(
  element: Scalar<unknown> | Embeddable<Handle>,
  length: number,
): Embeddable<Handle> {
  const elements = Array.from({ length }, (_, i) => [String(i), element] as const);
  const name = Scalar.is(element) ? 'array' : `${element.typeName}[]`;
  return laidOut(name, Object.fromEntries(elements), true);
}

function laidOut<const F extends Fields>(
  typeName: string,
  members: F,
  isArray: boolean,
): StructType<F> {
  const fields = Object.freeze({ ...members });
  const names = Object.keys(fields);
  const offsets: number[] = [];
  const slots: number[] = [];
  const scalars: { slot: number; zero: unknown }[] = [];
  const embedded: EmbeddedField[] = [];
  let size = 0;
  names.forEach((name, slot) => {
    const field = fields[name];
    if (field === undefined) return;
    offsets.push(size);
    while (slots.length < size) slots.push(-1);
    slots[size] = slot;
    if (Scalar.is(field)) {
      scalars.push({ slot, zero: Scalar.zeroOf(field) });
      size++;
    } else {
      embedded.push({ slot, offset: size, name, type: field });
      size += makeObject(field).size;
    }
  });
  const handle = class extends Handle {};
  names.forEach((name, slot) => {
    const field = fields[name];
    const nth = embedded.findIndex((member) => member.slot === slot);
    if (field !== undefined) define(handle.prototype, name, slot, nth, field);
  });
  if (isArray) Object.setPrototypeOf(handle.prototype, beyondElements);
  sealPrototype(handle.prototype);
  const layout: Layout = {
    typeName,
    isArray,
    names,
    offsets,
    slots,
    size,
    fields,
    scalars,
    embedded,
    handle,
  };
  const type = Object.freeze({ typeName, fields });
  makers.set(type, () => new StructObject(layout));
  return type;
}

/** The structure that contains an embedded object, for container_of(). */
export function containerOf<F extends Fields>(
  member: Handle,
  type: StructType<F>,
  name: string,
): StructHandle<F> {
  const object = objectOf(member);
  const { container } = object;
  if (
    !(container instanceof StructObject) ||
    object.member !== name ||
    container.layout.fields !== type.fields
  ) {
    object.fresh(); // a poisoned pointer faults here
    throw new TypeError(`container_of: not the member ${name} of a struct ${type.typeName}`);
  }
  return container.handle as StructHandle<F>; // its fields are those of the type
}
