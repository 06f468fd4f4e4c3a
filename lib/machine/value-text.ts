// SPDX-License-Identifier: GPL-2.0-only
/** Values as reports write them. Code under test may have made them, so none of their methods is called. */
import { Handle, objectOf, pointerLike } from './handle';

/** Longer texts and lists are shortened. */
const TEXT_MAX = 60;
const ELEMENTS_MAX = 8;

/** A value in words: `NULL`, `session#1`, `-12`, `"eth0"`; null for what has no short form. */
export function valueText(value: unknown): string | null {
  if (value === null) return 'NULL';
  if (value === undefined) return 'never written';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'string') return JSON.stringify(printable(value, TEXT_MAX));
  if (typeof value === 'function') return calledText(value);
  if (typeof value !== 'object') return null;
  if (Handle.is(value)) return objectOf(value).label;
  return pointerLike.get(value) ?? (Array.isArray(value) ? listText(value) : null);
}

/**
 * A line of output: texts unchanged, other values as reports write them. The first text may contain the conversions of
 * printk().
 */
export function lineText(args: readonly unknown[]): string {
  const rest = args.slice();
  const first = rest.shift();
  const words: string[] = [];
  if (typeof first === 'string') {
    const filled = first.replace(CONVERSION, (whole) => {
      if (whole === '%%') return '%';
      return rest.length === 0 ? whole : converted(whole, rest.shift());
    });
    words.push(filled);
  } else if (args.length > 0) rest.unshift(first);
  return printable([...words, ...rest.map(wordOf)].join(' '), LINE_MAX).trimEnd();
}

/** `%d`, `%-5lu`, `%pK`; not the `%` of a percentage. Only a pointer has letters that follow: `%ds` are seconds. */
const CONVERSION = /%(?:%|[-+#0]*\d*(?:\.\d+)?(?:hh|h|ll|l|z)?(?:[diuxXsco]|p[A-Za-z]?))/g;
const LINE_MAX = 200;

/** A value where a conversion stands. One of another type is written all the same: the compiler of C would warn of it. */
function converted(conversion: string, value: unknown): string {
  if (!/(?<!p)[xX]$/.test(conversion) || !Number.isInteger(value)) return wordOf(value);
  const hex = (Number(value) < 0 ? Number(value) >>> 0 : Number(value)).toString(16);
  return `${conversion.includes('#') ? '0x' : ''}${conversion.endsWith('X') ? hex.toUpperCase() : hex}`;
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : (valueText(value) ?? '{...}');
}

/** Without line breaks and whatever a terminal would obey. */
function printable(text: string, max: number): string {
  const short = text.length > max ? `${text.slice(0, max - 3)}...` : text;
  return short.replace(/\s/g, ' ').replace(/[^\x20-\x7e]/g, '?');
}

/** The name of a function; empty if it has none, or one that would be read as something else. */
export function functionName(value: unknown): string {
  if (typeof value !== 'function') return '';
  const name: unknown = Object.getOwnPropertyDescriptor(value, 'name')?.value;
  return typeof name === 'string' && /^[\w$]{1,60}$/.test(name) ? name : '';
}

function calledText(value: unknown): string {
  const name = functionName(value);
  return name === '' ? 'a function' : `${name}()`;
}

function listText(values: readonly unknown[]): string {
  const shown = Array.from({ length: Math.min(values.length, ELEMENTS_MAX) }, (_, i) => {
    const element: unknown = Object.getOwnPropertyDescriptor(values, i)?.value;
    return Array.isArray(element) ? '[...]' : (valueText(element) ?? '{...}');
  });
  return `[${[...shown, ...(values.length > ELEMENTS_MAX ? ['...'] : [])].join(', ')}]`;
}
