// SPDX-License-Identifier: GPL-2.0-only
/** A type error in words for somebody who knows C: what the value is here, and what to write. */
import ts from 'typescript';
import { cType, isPlain, typeHere } from '../../lib/driver/c-types';

/** What the sentences need to know. */
export interface Typed {
  readonly source: ts.SourceFile;
  readonly checker: ts.TypeChecker;
  /** Every name that '#lib' exports, types included. */
  readonly library: ReadonlySet<string>;
}

/** The sentence for a type error of a driver. */
export function typeSentence(diagnostic: ts.Diagnostic, typed: Typed): string {
  const own = OWN[diagnostic.code]?.(diagnostic, typed) ?? null;
  return own ?? shortened(diagnostic.messageText);
}

/** Whether other errors of the file may follow from this one: a name that nobody declares has no type. */
export function isUnknownName({ code }: ts.Diagnostic): boolean {
  return UNKNOWN.has(code);
}

const UNKNOWN = new Set([2304, 2448, 2552, 2749]);

/** The first sentence; what follows it in a chain explains the type system and not the driver. */
function shortened(text: string | ts.DiagnosticMessageChain): string {
  const line = textOf(text).split('\n')[0] ?? '';
  // Advice on how to install types or change tsconfig.json would lead a learner astray.
  return line
    .replace(/\. Do you need to .*$/, '')
    .replace(EXACT, '')
    .replace(/\.$/, '');
}

/** What a setting of the compiler adds to a sentence. */
const EXACT = / with 'exactOptionalPropertyTypes: true'.*$/;

function textOf(text: string | ts.DiagnosticMessageChain): string {
  return typeof text === 'string' ? text : text.messageText;
}

type Own = (diagnostic: ts.Diagnostic, typed: Typed) => string | null;

const OWN: Readonly<Record<number, Own>> = {
  2304: unknownName,
  2552: unknownName,
  2749: valueAsType,
  2322: (diagnostic, typed) => notAssignable(diagnostic, typed),
  2345: (diagnostic, typed) => wrongArgument(diagnostic, typed),
  2349: (diagnostic, typed) => structureCalled(diagnostic, typed),
  2351: (diagnostic, typed) => structureCalled(diagnostic, typed),
  2352: ({ messageText }) => {
    const [, from = '', to = ''] = /type '(.*)' to type '(.*)' may/.exec(textOf(messageText)) ?? [];
    return `a ${from} is not a ${to}; container_of() leads from a member to its structure`;
  },
  1345: (diagnostic, typed) => noResult(diagnostic, typed),
  2314: ({ messageText }) => {
    const name = /'(\w+)</.exec(textOf(messageText))?.[1] ?? 'Op';
    return `${name} needs the type of its value: write ${name}<void>, or ${name}<number> for a number`;
  },
  2339: noField,
  2355: noReturn,
  2356: pointerArithmetic,
  2362: looserThanComparison,
  2363: looserThanComparison,
  2365: (diagnostic, typed) => objectAsValue(diagnostic) ?? pointerArithmetic(diagnostic, typed),
  2366: noReturn,
  2367: (diagnostic) => objectAsValue(diagnostic) ?? neverEqual(diagnostic),
  2790: () => 'a field cannot be deleted; assign null to it, or free the structure with kfree()',
  2379: (diagnostic, typed) => wrongArgument(diagnostic, typed),
  2448: (diagnostic, typed) => {
    const name = nodesAt(diagnostic, typed).find(ts.isIdentifier)?.text ?? '';
    return `'${name}' is declared below, in this function, and hides the one outside; choose another name for it`;
  },
  2488: (diagnostic, typed) => notAnOperation(diagnostic, typed),
  2551: noField,
  2540: readOnly,
  2554: (diagnostic, typed) => argumentCount(diagnostic, typed),
  2531: mayBeNull,
  7006: (diagnostic, typed) => {
    const name = nodesAt(diagnostic, typed).find(ts.isIdentifier)?.text ?? 'dev';
    return `a parameter has a type; write ${name}: number, or the name of its structure`;
  },
  7029: () => 'this case goes on into the next one; end it with break or return',
  7053: (diagnostic, typed) => {
    const whole = nodesAt(diagnostic, typed).find(ts.isElementAccessExpression);
    const object = whole?.expression.getText(typed.source) ?? 'this';
    return `'${object}' is not an array; write ${object}.field`;
  },
  18047: mayBeNull,
};

function unknownName({ messageText }: ts.Diagnostic, { library }: Typed): string | null {
  const name = /Cannot find name '(\w+)'/.exec(textOf(messageText))?.[1];
  if (name === undefined) return null;
  const plain = PLAIN[name] ?? (isPlain(cType(name)) ? typeHere(cType(name)) : undefined);
  if (plain !== undefined) return `'${name}' is a type of C; write ${plain} here`;
  return library.has(name)
    ? `'${name}' is not defined; add type ${name} to the import from '#lib'`
    : shortened(messageText)
        .replace('Cannot find name', 'there is no type')
        .replace('. Did', '; did');
}

const PLAIN: Readonly<Record<string, string>> = { int: 'number', bool: 'boolean', text: 'string' };

function valueAsType({ messageText }: ts.Diagnostic): string {
  const name = /^'(\w+)'/.exec(textOf(messageText))?.[1] ?? '';
  const plain = PLAIN[name];
  if (plain !== undefined) return `'${name}' is for the fields of a struct(); write ${plain} here`;
  if (name === 'struct') return 'struct is not a type; write the name of the structure';
  return `'${name}' has no type of this name; write interface ${name} extends StructOf<typeof ${name}> {} below it`;
}

function notAssignable(diagnostic: ts.Diagnostic, typed: Typed): string | null {
  const text = textOf(diagnostic.messageText);
  const [, from = '', to = ''] =
    /^Type '(.*)' is not assignable to type '(.*)'\.?$/.exec(text) ?? [];
  if (from.startsWith('Generator<'))
    return `a function* returns an Op; write Op<${to}> in place of ${to}`;
  const returned = nodesAt(diagnostic, typed).find(ts.isReturnStatement);
  if (from === 'undefined' && returned !== undefined && returned.expression === undefined)
    return `this function returns ${aName(to)}; write one after return`;
  if (from === 'boolean' && to === 'number')
    return 'this is true or false, and a number is wanted; write x ? 1 : 0';
  if (from === 'boolean' && to === 'Op<boolean>')
    return 'the condition of wait_event() is a function*; write function* () { return condition; }';
  if (from.startsWith('static_var<') && to !== '') return objectAsValue(diagnostic);
  if (from === 'number' && to.startsWith('StructHandle<'))
    return 'a pointer is wanted here, and this is a number; write null where there is none';
  if (from === `${to} | null` || (from.endsWith('> | null') && isName(to)))
    return `this may be null, and a ${to} is wanted; test it first, as in: if (p === null) return`;
  if (to === 'void')
    return 'this function returns nothing; write return alone, or give the function the type of this value';
  if (from === 'void' && returned !== undefined)
    return `this has no value, and the function returns ${aName(to)}; write a return with one on the next line`;
  return isName(from) && isName(to)
    ? `${aName(to)} is wanted here, and this is ${aName(from)}`
    : null;
}

/** Whether a type has one name. */
function isName(type: string): boolean {
  return /^[a-z]\w*(?: \| null)?$/i.test(type);
}

/** A type as a reader of C calls it. */
function named(type: string): string {
  return type
    .replace('string', 'text')
    .replace('boolean', 'condition')
    .replace('Handle', 'structure')
    .replace(' | null', ' or null');
}

function aName(type: string): string {
  if (type === 'null' || type === 'undefined') return type;
  return `${/^[aeiou](?!ser)/i.test(type) ? 'an' : 'a'} ${named(type)}`;
}

/** Two things that can never be the same. */
function neverEqual({ messageText }: ts.Diagnostic): string | null {
  const [, a = '', b = ''] = /types '(.*)' and '(.*)' have/.exec(textOf(messageText)) ?? [];
  if (a.endsWith('| null') && b === 'number')
    return 'a pointer is compared with null here; write === null';
  return isName(a) && isName(b) ? `${aName(a)} is never equal to ${aName(b)}` : null;
}

/** `dev.open & 1 == 0`: the comparison comes first, as in C. */
function looserThanComparison(diagnostic: ts.Diagnostic, typed: Typed): string | null {
  const [inner, outer] = nodesAt(diagnostic, typed).filter(ts.isBinaryExpression);
  const both = [inner, outer].map((node) => node?.operatorToken.getText(typed.source) ?? '');
  if (!both.some((operator) => /^[!=]==?$/.test(operator)))
    return pointerArithmetic(diagnostic, typed);
  return 'a comparison comes before & and |, as in C; write brackets, as in (flags & 1) === 0';
}

function pointerArithmetic(diagnostic: ts.Diagnostic, typed: Typed): string | null {
  const node = nodesAt(diagnostic, typed)[0];
  if (node === undefined) return null;
  const type = typed.checker.typeToString(typed.checker.getTypeAtLocation(node));
  if (type === 'boolean') return 'this is true or false, and a number is wanted; write (x ? 1 : 0)';
  return `this is ${aName(type)} and not a number; there is no arithmetic on pointers here`;
}

/** `yield*` in front of something that is not an operation. */
function notAnOperation(diagnostic: ts.Diagnostic, typed: Typed): string | null {
  const nodes = nodesAt(diagnostic, typed);
  const run = nodes.find((node) => ts.isYieldExpression(node) && node.asteriskToken !== undefined);
  const loop = nodes.find(ts.isForOfStatement);
  if (run === undefined && loop !== undefined)
    return "a list is not an array; write for (const item of list_for_each_entry(list, type, 'node'))";
  const argument = run !== undefined && ts.isYieldExpression(run) ? run.expression : undefined;
  if (argument === undefined) return null;
  if (ts.isCallExpression(argument))
    return `${argument.expression.getText(typed.source)}() is not an operation; call it without yield*`;
  return 'yield* runs an operation, a call such as spin_lock(lock), and this is not one';
}

/** `if (yield* spin_lock(lock))` */
function noResult(diagnostic: ts.Diagnostic, typed: Typed): string {
  const call = nodesAt(diagnostic, typed)
    .map((node) => (ts.isYieldExpression(node) ? node.expression : node))
    .find((node) => node !== undefined && ts.isCallExpression(node));
  const called =
    call !== undefined && ts.isCallExpression(call) ? call.expression.getText(typed.source) : '';
  return `${called === '' ? 'this' : `${called}()`} gives no result, so it is not a condition; write it on a line of its own`;
}

function noReturn(): string {
  return 'this function must return a value on every path; write a return at its end';
}

/** A field that a structure has not, and those that it has. */
function noField(diagnostic: ts.Diagnostic, typed: Typed): string | null {
  const access = nodesAt(diagnostic, typed).find(ts.isPropertyAccessExpression);
  if (access === undefined) return null;
  const type = typed.checker.getNonNullableType(typed.checker.getTypeAtLocation(access.expression));
  const name = typed.checker.typeToString(type);
  const fields = type
    .getProperties()
    .map((field) => field.name)
    .filter((field) => /^\w+$/.test(field));
  if (!/^\w+$/.test(name) || fields.length > FIELDS_MAX) return null;
  if (fields.length === 0 && ts.isCallExpression(access.parent)) {
    const by = TAKEN_BY[name];
    return `${aName(name)} has no functions of its own; it is passed to one${by === undefined ? '' : `, as in yield* ${by}(...)`}`;
  }
  const has = fields.length === 0 ? 'it has none' : `it has ${fields.join(', ')}`;
  return `${aName(name)} has no field '${access.name.text}'; ${has}`;
}

const FIELDS_MAX = 12;

/** What takes an object without fields. */
const TAKEN_BY: Readonly<Record<string, string>> = {
  spinlock_t: 'spin_lock',
  mutex: 'mutex_lock',
  atomic_t: 'atomic_inc',
  refcount_t: 'refcount_inc',
  kref: 'kref_get',
  completion: 'complete',
  wait_queue_head_t: 'wake_up',
  list_head: 'list_add',
};

function mayBeNull({ messageText }: ts.Diagnostic): string | null {
  const name = /^'(.*)' is possibly 'null'/.exec(textOf(messageText))?.[1] ?? null;
  if (name === null) return 'this may be null; keep it in a const, and test that first';
  return /^\w+$/.test(name)
    ? `'${name}' may be null; test it first, as in: if (${name} === null) return`
    : `'${name}' may be null; test it first, as in: if (${name} !== null)`;
}

/** A static or a count stands where a number is wanted. */
function objectAsValue({ messageText }: ts.Diagnostic): string | null {
  const text = textOf(messageText);
  if (text.includes('static_var<')) return 'a static is read and written by its field: name.value';
  if (text.includes("'atomic_t'")) return 'an atomic_t is read by yield* atomic_read(...)';
  if (text.includes("'refcount_t'")) return 'a refcount_t is read by yield* refcount_read(...)';
  return null;
}

/** A member that is a lock, a count or a list is never assigned to. */
function readOnly(diagnostic: ts.Diagnostic, { checker, source }: Typed): string | null {
  const access = nodesAt(diagnostic, { source }).find(ts.isPropertyAccessExpression);
  const member =
    access && checker.getTypeAtLocation(access.expression).getProperty(access.name.text);
  if (member === undefined) return null;
  const type = checker.typeToString(checker.getTypeOfSymbol(member));
  const what = isName(type) ? aName(type) : 'a structure inside this one';
  const by = CHANGES[type];
  const changed = `change it with its own functions${by === undefined ? '' : `, as in yield* ${by}(...)`}`;
  return `'${member.name}' is ${what}; ${changed}, and not with =`;
}

/** What a count is changed with. */
const CHANGES: Readonly<Record<string, string>> = {
  atomic_t: 'atomic_inc',
  atomic_long_t: 'atomic_long_inc',
  refcount_t: 'refcount_inc',
};

/** `device` is a structure: it is neither called nor made by new. */
function structureCalled(diagnostic: ts.Diagnostic, typed: Typed): string | null {
  const name = nodesAt(diagnostic, typed).find(ts.isIdentifier)?.text;
  if (name === undefined) return null;
  return !new RegExp(`\\bconst ${name} = struct\\(`).test(typed.source.text)
    ? `'${name}' is not a function`
    : `'${name}' is not a function; a new structure comes from yield* kzalloc(${name}, GFP_KERNEL)`;
}

function wrongArgument(diagnostic: ts.Diagnostic, typed: Typed): string | null {
  const call = nodesAt(diagnostic, typed).find(ts.isCallExpression);
  const called = call?.expression.getText(typed.source);
  if (
    called !== undefined &&
    /^wait_event/.test(called) &&
    /\(\) => |wait_condition_t/.test(textOf(diagnostic.messageText))
  )
    return `the condition of ${called}() is a function; write function* () { return condition; }`;
  return fieldByName(call, typed) ?? otherArgument(diagnostic, call, typed);
}

/** `spin_lock(dev)`: what is wanted and what this is. */
function otherArgument(
  { messageText, start = 0 }: ts.Diagnostic,
  call: ts.CallExpression | undefined,
  { checker, source }: Typed,
): string | null {
  const [, from = '', to = ''] =
    /type '(.*)' is not assignable to parameter of type '(.*?)'/.exec(textOf(messageText)) ?? [];
  const nth = call?.arguments.findIndex((argument) => argument.getStart(source) === start) ?? -1;
  if (call === undefined || nth < 0) return null;
  const called = call.expression.getText(source);
  const first = checker.getTypeAtLocation(call.arguments[0] ?? call);
  if (from.startsWith('"') && to.startsWith('"'))
    return `${aName(checker.typeToString(first))} has no field ${from.replaceAll('"', "'")}`;
  return isName(from) && isName(to)
    ? `${called}() takes ${aName(to)} here, and this is ${aName(from)}`
    : null;
}

function argumentCount(diagnostic: ts.Diagnostic, typed: Typed): string | null {
  const call = nodesAt(diagnostic, typed).find(ts.isCallExpression);
  if (call === undefined) return null;
  const parameters = typed.checker.getResolvedSignature(call)?.parameters.map(({ name }) => name);
  if (parameters === undefined) return null;
  const called = call.expression.getText(typed.source);
  return (
    fieldByName(call, typed) ??
    `${called}() takes ${parameters.length === 0 ? 'nothing' : `(${parameters.join(', ')})`}`
  );
}

/** `READ_ONCE(dev.open)` for `READ_ONCE(dev, 'open')`; null for other functions. */
function fieldByName(
  call: ts.CallExpression | undefined,
  { checker, source }: Typed,
): string | null {
  const [first, ...rest] = call?.arguments ?? [];
  if (call === undefined || first === undefined || !ts.isPropertyAccessExpression(first))
    return null;
  const field = checker.getResolvedSignature(call)?.parameters[1]?.name;
  if (field !== 'field' && field !== 'member') return null;
  const called = call.expression.getText(source);
  const more = rest.map((argument) => `, ${argument.getText(source)}`).join('');
  return `the field is given as a text here; write ${called}(${first.expression.getText(source)}, '${first.name.text}'${more})`;
}

/** The nodes that hold the place of an error, the innermost first. */
function nodesAt({ start = 0 }: ts.Diagnostic, { source }: Pick<Typed, 'source'>): ts.Node[] {
  const found: ts.Node[] = [];
  const look = (node: ts.Node): void => {
    if (start < node.getStart(source) || start >= node.end) return;
    found.unshift(node);
    ts.forEachChild(node, look);
  };
  look(source);
  return found;
}
