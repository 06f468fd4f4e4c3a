// SPDX-License-Identifier: GPL-2.0-only
/**
 * The state in which a final check begins, as a text that is equal for two states only if no check can tell them apart. What may
 * differ is what a check cannot learn: which memory an object got, its number in names, and clocks, as the check comes after
 * everything that tasks have done.
 *
 * It consists of the statics that the execution has touched, the program's world, what is still allocated, what these lead to,
 * and what detectors recall. A state with something else in it, such as an object of an unknown class, has no text.
 */
import { Handle, objectOf, pointerLike } from './handle';
import type { Machine } from './machine';
import { MachineObject, staticObjects } from './object';
import { isFieldType, StructObject } from './struct';
import { Task } from './task';

/** Fields that decide nothing, as places and clocks do, or that are covered in another way. */
const IMMATERIAL: ReadonlySet<string> = new Set([
  'base',
  'epoch',
  'memory',
  'handle',
  'released',
  'releases',
  'order',
  'points',
  'storer',
  'storedAt',
  'container',
  'member',
  'active',
  'hint',
  'generation',
]);

const plainClasses = new WeakSet();

/** Declares that everything about the objects of a class is in fields that can be read. */
export function allInFields(made: { readonly prototype: object }): void {
  plainClasses.add(made.prototype);
}

function classOf(object: object): object {
  const prototype: unknown = Object.getPrototypeOf(object);
  return prototype as object; // no object of a class is without one
}

/** Whether a field passes clocks on. */
function isReleasing(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'released' in value &&
    !(value instanceof MachineObject)
  );
}

/** Something whose state cannot be read. */
class Opaque extends Error {}

/** The fields that matter of the objects of a class, and how many fields there are in all. */
interface Fields {
  readonly material: readonly string[];
  readonly all: number;
}

/** Makes the texts. They can be compared only with others of the same maker. */
export class StateTexts {
  readonly #identities = new WeakMap<object, number>();
  #identityCount = 0;
  readonly #fields = new Map<object, Fields>();
  /** The texts of single objects, numbered: the same ones come up all the time. */
  readonly #texts = new Map<string, number>();
  /** What the current state leads to, in the order in which it was found, and the number of each. */
  readonly #found: object[] = [];
  readonly #numbers = new Map<object, number>();
  /** How much of that is in the text. */
  #told = 0;
  #epoch = 0;

  /** The text of the machine's state; null if it has none. */
  of(machine: Machine): string | null {
    const roots = machine.program.roots?.();
    if (roots === undefined) return null;
    this.#epoch = machine.epoch;
    this.#found.length = this.#told = 0;
    this.#numbers.clear();
    try {
      return this.#whole(machine, roots);
    } catch (error) {
      if (error instanceof Opaque) return null;
      throw error;
    }
  }

  #whole(machine: Machine, roots: Iterable<unknown>): string {
    let text = this.#list(roots);
    for (const object of staticObjects()) {
      if (object.epoch === machine.epoch) text += `|${object.base}${this.#value(object)}`;
    }
    for (const monitor of machine.monitors) text += `|${monitor.recalls?.() ?? ''}`;
    text += this.#rest();
    // What nothing leads to comes last, in the order of its places: that is the same whenever it was allocated.
    const lost = machine.allocations
      .filter(({ freed, object }) => !freed && !this.#numbers.has(object))
      .map(({ object }) => object)
      .sort((a, b) => a.base - b.base);
    return `${text}|${this.#list(lost)}${this.#rest()}`;
  }

  /** The texts of everything that was found and not told yet. */
  #rest(): string {
    let text = '';
    for (; this.#told < this.#found.length; this.#told++) {
      const one = this.#contents(this.#found[this.#told] ?? {});
      let number = this.#texts.get(one);
      if (number === undefined) this.#texts.set(one, (number = this.#texts.size));
      text += `;${number}`;
    }
    return text;
  }

  #contents(object: object): string {
    if (object instanceof MachineObject) return this.#object(object);
    if (Array.isArray(object)) return `[${this.#list(object)}`;
    if (object instanceof Map) return `M${this.#list([...object].flat())}`;
    if (object instanceof Set) return `S${this.#list(object)}`;
    const prototype: unknown = Object.getPrototypeOf(object);
    if (prototype === Object.prototype) return `{${this.#record(object)}`;
    if (typeof prototype !== 'object' || prototype === null || !plainClasses.has(prototype))
      throw new Opaque();
    return `C${this.#identity(prototype)}${this.#record(object)}`;
  }

  #object(object: MachineObject): string {
    const { outermost, memory } = object;
    const kind = this.#identity(object instanceof StructObject ? object.layout : classOf(object));
    const place = outermost.isStatic ? outermost.base : '';
    // A static that this execution has not touched is as it was at first.
    if (outermost.isStatic && outermost.epoch !== this.#epoch) return `U${kind},${place}`;
    const life = memory === null ? '' : memory.freed ? '-' : '+';
    const { container, active, hint, generation } = object;
    let text = `O${kind},${place}${life}${active}${hint}${generation}`;
    if (container !== null) text += this.#reference(container);
    const own = object.significant();
    return text + (own === null ? this.#fieldsOf(object) : this.#list(own));
  }

  #fieldsOf(object: MachineObject): string {
    let text = '';
    // An object's fields are known by name.
    const fields = object as unknown as Readonly<Record<string, unknown>>;
    for (const name of this.#material(object)) {
      const value = fields[name];
      if (!isReleasing(value)) text += this.#value(value);
    }
    return text;
  }

  #material(object: MachineObject): readonly string[] {
    const kind = classOf(object);
    const names = Object.keys(object);
    let fields = this.#fields.get(kind);
    if (fields?.all !== names.length) {
      const material = names.filter((name) => !IMMATERIAL.has(name));
      fields = { material, all: names.length };
      this.#fields.set(kind, fields);
    }
    return fields.material;
  }

  #record(object: object): string {
    let text = '';
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(object))) {
      if (!('value' in property)) throw new Opaque();
      text += `,${name}${this.#value(property.value)}`;
    }
    return text;
  }

  #list(values: Iterable<unknown>): string {
    let text = '';
    for (const value of values) text += this.#value(value);
    return text;
  }

  #value(value: unknown): string {
    switch (typeof value) {
      case 'number':
        return Object.is(value, -0) ? ',-0' : `,${value}`;
      case 'string':
        return `,"${value.length}:${value}`;
      case 'boolean':
        return value ? ',t' : ',f';
      case 'undefined':
        return ',u';
      case 'function':
        return `,F${this.#identity(value)}`;
      case 'object':
        return value === null ? ',n' : this.#reference(value);
      default:
        throw new Opaque();
    }
  }

  #reference(value: object): string {
    if (pointerLike.has(value) || isFieldType(value)) return `,P${this.#identity(value)}`;
    const object = Handle.is(value) ? objectOf(value) : value;
    // All tasks have ended, so nothing depends on them but who they were.
    if (object instanceof Task) return `,T${object.id}`;
    let number = this.#numbers.get(object);
    if (number === undefined) {
      number = this.#found.push(object);
      this.#numbers.set(object, number);
    }
    return `,#${number}`;
  }

  #identity(of: object): number {
    let number = this.#identities.get(of);
    if (number === undefined) this.#identities.set(of, (number = ++this.#identityCount));
    return number;
  }
}
