// SPDX-License-Identifier: GPL-2.0-only
/**
 * The names that a driver may use without declaring them: a short list of built-ins that only compute. They include no
 * clock, no random numbers, no promises, no input or output, and no way to make code from text: only the schedule
 * decides what a driver does.
 */
import type { AnyNode, Identifier } from 'acorn';
import { propertyName } from './ast';
import type { CheckContext } from './context';
import { insteadOf } from './c-names';
import { keywordMeant } from './keywords';
import { didYouMean } from './suggest';

type Members = { readonly bare: boolean; readonly members: ReadonlySet<string> | 'all' };

const only = (bare: boolean, names = ''): Members => ({ bare, members: new Set(names.split(' ')) });

/** Global names, whether they may stand alone (be called, passed on), and which of their members may be used. */
const ALLOWED: ReadonlyMap<string, Members> = new Map<string, Members>([
  ['undefined', only(true)],
  ['NaN', only(true)],
  ['Infinity', only(true)],
  ['isNaN', only(true)],
  ['isFinite', only(true)],
  ['parseInt', only(true)],
  ['parseFloat', only(true)],
  ['Array', only(true, 'from of isArray')],
  ['Object', only(false, 'keys values entries fromEntries freeze isFrozen is hasOwn assign')],
  ['Map', only(true)],
  ['Set', only(true)],
  [
    'Math',
    only(
      false,
      'abs ceil clz32 cbrt exp floor fround hypot imul log log10 log2 max min pow round sign sqrt trunc E LN2 LN10 PI SQRT2',
    ),
  ],
  [
    'Number',
    only(
      true,
      'EPSILON MAX_SAFE_INTEGER MIN_SAFE_INTEGER MAX_VALUE MIN_VALUE isFinite isInteger isNaN isSafeInteger parseFloat parseInt',
    ),
  ],
  ['String', only(true, 'fromCharCode fromCodePoint')],
  ['Boolean', only(true)],
  ['BigInt', only(true, 'asIntN asUintN')],
  ['JSON', only(false, 'parse stringify')],
  ['Error', only(true)],
  ['RangeError', only(true)],
  ['TypeError', only(true)],
  ['console', { bare: false, members: 'all' }],
]);

const CLOCK = 'the only clock of a driver is jiffies()';
const CHANCE = 'a driver has no random numbers; the scheduler is the only source of choice';
const ASYNC =
  'a driver has no promises and only timers of the kernel; operations run with yield*, and the scheduler decides when';
const CODE = 'a driver cannot make code from text; write the function';
const HOST = 'a driver only sees what it imports from #lib';
const REFLECT = 'a driver works on declared structures only; use their fields';

const REFUSED: ReadonlyMap<string, string> = new Map(
  (
    [
      [CLOCK, 'Date performance Intl Temporal'],
      [CHANCE, 'crypto'],
      [
        ASYNC,
        'Promise setTimeout setInterval setImmediate clearTimeout clearInterval queueMicrotask Worker Atomics SharedArrayBuffer',
      ],
      [CODE, 'eval Function WebAssembly'],
      [
        HOST,
        'globalThis window self global process require module exports fetch Buffer navigator document',
      ],
      [
        REFLECT,
        'Proxy Reflect WeakRef FinalizationRegistry WeakMap WeakSet Symbol structuredClone RegExp',
      ],
      [
        'a driver has no raw memory; use struct() fields',
        'ArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array BigInt64Array BigUint64Array',
      ],
      ['name the parameters instead', 'arguments'],
    ] as const
  ).flatMap(([sentence, names]) => names.split(' ').map((name) => [name, sentence] as const)),
);

/** Names that the linked text uses itself. */
const RESERVED = new Set(['__lib', '__tick', '__freeze', '__enter', '__leave', '__depth']);

/** Checks every use of a name the file does not declare. */
export function checkGlobals(context: CheckContext): void {
  const { names, reporter } = context;
  for (const id of names.globals) checkGlobal(id, context);
  for (const { id, name } of names.bindings) {
    if (RESERVED.has(name))
      reporter.report(id.start, 'forbidden', `the name '${name}' is taken; choose another one`);
  }
}

function checkGlobal(id: Identifier, context: CheckContext): void {
  const { names, reporter } = context;
  const parent = names.parentOf(id);
  if (parent?.type === 'ExportSpecifier') return; // acorn reports it
  const allowed = ALLOWED.get(id.name);
  if (allowed === undefined) {
    const refused = REFUSED.get(id.name);
    if (refused !== undefined)
      reporter.report(id.start, 'forbidden', `'${id.name}' is not available: ${refused}`);
    else if (!isWritten(id, parent)) checkUnknown(id, context);
    return;
  }
  if (parent?.type === 'MemberExpression' && parent.object === id) {
    const member = propertyName(parent.property, parent.computed);
    if (allowed.members === 'all' || (member !== null && allowed.members.has(member))) return;
    const why =
      id.name === 'Math' && member === 'random'
        ? CHANCE
        : 'use one of the plain functions a driver may use, or write the few lines yourself';
    reporter.report(
      parent.start,
      'forbidden',
      `'${id.name}.${member ?? '[...]'}' is not available: ${why}`,
    );
  } else if (!allowed.bare) {
    reporter.report(
      id.start,
      'forbidden',
      `'${id.name}' can only be used as ${id.name}.name(...) in a driver`,
    );
  }
}

/** Whether it is written: writes.ts has its own sentence for an assignment to an undeclared name. */
function isWritten(id: Identifier, parent: AnyNode | null): boolean {
  if (parent?.type === 'AssignmentExpression') return parent.left === id && parent.operator === '=';
  return parent?.type === 'UpdateExpression';
}

/** A word that is nearly one of the language makes nonsense of the whole statement; any other word is reported at its first use. */
function checkUnknown(id: Identifier, context: CheckContext): void {
  const { names, lib, reporter } = context;
  const meant =
    lib.libExports.has(id.name) || insteadOf(id.name) !== null ? null : keywordMeant(id.name);
  const statement = meant === null ? null : statementAround(id, context);
  const parent = names.parentOf(id);
  if (statement?.start === id.start) {
    const sentence = `'${id.name}' is not defined; did you mean '${meant ?? ''}'?`;
    reporter.settle(statement, 'not-defined', sentence);
  } else if (parent?.type === 'CallExpression' && parent.callee === id && isOfC(id.name, context)) {
    reporter.settle(parent, 'not-defined', notDefined(id.name, context));
  } else reporter.reportName(id.name, id.start, 'not-defined', notDefined(id.name, { names, lib }));
}

function isOfC(name: string, { lib }: CheckContext): boolean {
  return !lib.libExports.has(name) && insteadOf(name) !== null;
}

function statementAround(id: Identifier, { names }: CheckContext): AnyNode | null {
  let up = names.parentOf(id);
  while (up !== null && !up.type.endsWith('Statement')) up = names.parentOf(up);
  return up;
}

/** Is it one of the built-ins that a driver may use? */
export function isBuiltIn(name: string): boolean {
  return ALLOWED.has(name);
}

/** The sentence for a name that nobody declares. */
export function notDefined(
  name: string,
  { names, lib }: Pick<CheckContext, 'names' | 'lib'>,
): string {
  if (lib.libExports.has(name)) return `'${name}' is not defined; add it to the import from '#lib'`;
  if (name === 'flags')
    return "'flags' is not defined; write const flags = yield* spin_lock_irqsave(lock)";
  const instead = insteadOf(name);
  if (instead !== null)
    return `there is no '${name}' here${instead.startsWith('as ') ? ',' : ':'} ${instead}`;
  const own = names.bindings.filter((binding) => binding.top).map((binding) => binding.name);
  return `'${name}' is not defined${didYouMean(name, [...own, ...lib.libExports, ...ALLOWED.keys()])}`;
}
