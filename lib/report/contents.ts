// SPDX-License-Identifier: GPL-2.0-only
/** What memory holds, in words: `pos = 1`, `client = ceph_client#1`. Other parts of the report show locks and counts. */
import { Handle, objectOf, StructObject, valueText } from '../machine';

/** Lists and arrays are not written out longer than this. */
const ELEMENTS_MAX = 8;

/** The fields of a structure that were ever written, one text each. */
export function contentsOf(object: StructObject): string[] {
  const { layout, values } = object;
  if (layout.isArray) return elementsOf(object);
  return layout.names.flatMap((name, slot) => fieldText(name, values[slot]));
}

/** What a list that stands alone, or a variable, holds; null for other statics. */
export function staticText(object: StructObject): string | null {
  if (object.typeName === 'list_head') return `${object.label} = ${listText(object)}`;
  const texts = contentsOf(object);
  if (texts.length === 0) return null;
  return object.typeName === 'static'
    ? texts.map((text) => `${object.label}.${text}`).join(', ')
    : `${object.label}: ${texts.join(', ')}`;
}

function fieldText(name: string, value: unknown): string[] {
  if (value === undefined) return [];
  const inside = Handle.is(value) ? objectOf(value) : null;
  if (inside instanceof StructObject && inside.container !== null && inside.member === name) {
    if (inside.typeName === 'list_head') return [];
    return contentsOf(inside).map((text) => `${name}.${text}`);
  }
  // A lock or a count is embedded, too, and has no value of its own.
  if (inside?.member === name) return [];
  const text = valueText(value);
  return text === null ? [] : [`${name} = ${text}`];
}

function elementsOf({ layout, values }: StructObject): string[] {
  const texts = layout.names.flatMap((name, slot) => fieldText(name, values[slot]));
  return texts.length > ELEMENTS_MAX ? [...texts.slice(0, ELEMENTS_MAX), '...'] : texts;
}

/** The nodes of a list from its head on. */
function listText(head: StructObject): string {
  const nodes: string[] = [];
  for (let at = nextOf(head); at !== null && at !== head; at = nextOf(at)) {
    if (nodes.push(at.label) > ELEMENTS_MAX) return `[${nodes.slice(0, -1).join(', ')}, ...]`;
  }
  return nodes.length === 0 ? 'empty' : `[${nodes.join(', ')}]`;
}

function nextOf({ values: [next] }: StructObject): StructObject | null {
  const object = Handle.is(next) ? objectOf(next) : null;
  return object instanceof StructObject ? object : null;
}
