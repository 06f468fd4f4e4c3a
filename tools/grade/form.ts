// SPDX-License-Identifier: GPL-2.0-only
/** Checks of what is read from files and processes: valid JSON may still have been cut, or written by something else. */

/** Is the value of this form? */
export type Form = (value: unknown) => boolean;

export const isText: Form = (value) => typeof value === 'string';

export const isNumber: Form = (value) => typeof value === 'number';

/** Something to count or to number with. */
export const isCount: Form = (value) => Number.isSafeInteger(value) && Number(value) >= 0;

/** A count of at most so many. */
export function isUpTo(max: number): Form {
  return (value) => isCount(value) && Number(value) <= max;
}

export const isYesOrNo: Form = (value) => typeof value === 'boolean';

/** One of these, and nothing else. */
export function oneOf(...values: readonly string[]): Form {
  return (value) => values.includes(value as string); // anything may be asked for
}

export function orNull(form: Form): Form {
  return (value) => value === null || form(value);
}

export function optional(form: Form): Form {
  return (value) => value === undefined || form(value);
}

/** A list of these, of this length if one is given. */
export function listOf(form: Form, length?: number): Form {
  return (value) =>
    Array.isArray(value) &&
    value.length === (length ?? value.length) &&
    value.every((item) => form(item));
}

/** An object with these fields; others do no harm. */
export function withFields(fields: Readonly<Record<string, Form>>): Form {
  return (value) =>
    isObject(value) && Object.entries(fields).every(([name, form]) => form(value[name]));
}

/** An object with these fields and no others. */
export function onlyFields(fields: Readonly<Record<string, Form>>): Form {
  return (value) =>
    withFields(fields)(value) &&
    isObject(value) &&
    Object.keys(value).every((name) => Object.hasOwn(fields, name));
}

/** An object whose every value is of this form, whatever its names. */
export function tableOf(form: Form): Form {
  return (value) => isObject(value) && Object.values(value).every(form);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
