// SPDX-License-Identifier: GPL-2.0-only
/** Declarations of C, and what is written here in their place, with the names that stand there. */
import { C_TYPE, type CType, cType, declaredAs, isPlain, typeHere } from './c-types';

/** Where a declaration stands. */
export type Scope = 'file' | 'function';

/** `int n = 0;`: matches the type, the name, the brackets of an array, the value, and what follows. */
export const VARIABLE = new RegExp(
  String.raw`(${C_TYPE}|\b\w+\s*\*\s*(?=\w+\s*=[^=]))\s*\b(\w+)\s*(\[[^\]]*\])?\s*(?:=(?!=)\s*([^;]*))?([;,)]|$)`,
  'g',
);

/** What is written in place of a variable of C. */
export function variableHere(match: readonly (string | undefined)[], scope: Scope): string {
  const [, type = '', name = '', brackets, value, end] = match;
  const c = cType(type);
  const initial = value === undefined ? null : expressionHere(value.trim());
  if (scope === 'function' && name === 'flags' && initial === null) return FLAGS;
  if (/\bextern\b/.test(type))
    return 'there is no extern here; delete this line, and import the name if the library has it';
  const declared = c.pointer ? null : declaredAs(c, name);
  const count = /_INIT\((\d+)\)/.exec(initial ?? '')?.[1];
  if (declared !== null)
    return declaredHere(
      name,
      count === undefined ? declared : declared.replace('0)', `${count})`),
      scope,
    );
  if (brackets !== undefined && c.name === 'char' && !c.pointer)
    return `this is C; write let ${name} = ${initial ?? "''"};`;
  if (brackets !== undefined) {
    const isConstant = /\bconst\b/.test(type);
    return arrayHere(c, name, brackets, initial, { scope, isConstant });
  }
  const [first, another] = namesIn(initial ?? '');
  if (another !== undefined)
    return `this is C; declare each name by itself, as in: ${scope === 'file' ? staticHere(c, name, first ?? null) : `let ${name} = ${first ?? ''};`}`;
  const isStatic = /\bstatic\b/.test(type);
  if (scope === 'file' && /\bconst\b/.test(type) && isPlain(c) && initial !== null)
    return `this is C; write const ${name} = ${initial};`;
  if (scope === 'file') return `this is C; write ${staticHere(c, name, initial)}`;
  if (/\bconst\b/.test(type) && isPlain(c) && !c.pointer && !isStatic && initial !== null)
    return `this is C; write const ${name} = ${initial};`;
  if (isStatic)
    return `a static is declared at file scope; write ${staticHere(c, name, initial)} there`;
  if (end === ',' && initial === null)
    return `this is C; declare each name with let, as in: let ${name}: ${typeHere(c)};`;
  return `this is C; write ${localHere(c, name, initial)}`;
}

/** `0, err` as `0` and `err`, but `f(a, b)` as a whole. */
function namesIn(initial: string): string[] {
  const cut = initial.search(/,(?![^([{]*[)\]}])/);
  return cut < 0 ? [initial] : [initial.slice(0, cut).trim(), initial.slice(cut + 1).trim()];
}

/** In C it is the macro that assigns to its argument. */
const FLAGS =
  'flags are declared where they are saved; delete this line, and write const flags = yield* spin_lock_irqsave(lock)';

function declaredHere(name: string, declared: string, scope: Scope): string {
  const line = `const ${name} = ${declared};`;
  return scope === 'file'
    ? `this is C; write ${line}`
    : `a lock, a list or a count is declared at file scope; write ${line} there`;
}

function arrayHere(
  c: CType,
  name: string,
  brackets: string,
  initial: string | null,
  { scope, isConstant }: { readonly scope: Scope; readonly isConstant: boolean },
): string {
  const list = initial?.replace('{', '[').replace(/\}$/, ']') ?? null;
  if (scope === 'function' && list !== null) return `this is C; write const ${name} = ${list};`;
  if (isConstant && list !== null)
    return `this is C; write const ${name} = Object.freeze(${list});`;
  const length = brackets.slice(1, -1).trim();
  const field = isPlain(c) ? 'int' : `ptr<${typeHere(c)}>()`;
  return scope === 'function'
    ? `this is C; write const ${name}: ${isPlain(c) ? 'number' : `(${typeHere(c)} | null)`}[] = [];`
    : `an array is a field here; write it into a struct() as ${name}: array(${field}, ${length === '' ? 'n' : length})`;
}

function staticHere(c: CType, name: string, initial: string | null): string {
  if (initial?.startsWith('{')) {
    const declared = OPERATIONS.has(c.name)
      ? `DEFINE_${c.name.toUpperCase()}('${name}', `
      : 'Object.freeze(';
    return `const ${name} = ${declared}{ open: ... });`;
  }
  if (c.struct && !c.pointer) return `const ${name} = DEFINE_STATIC('${name}', ${c.name});`;
  if (isPlain(c)) {
    const zero = { number: '0', boolean: 'false' }[typeHere(c)] ?? "''";
    return `const ${name} = static_var('${name}', ${initial ?? zero});`;
  }
  return `const ${name} = static_var<${typeHere(c)} | null>('${name}', ${initial ?? 'null'});`;
}

/** Tables of functions that the library declares. */
const OPERATIONS = new Set([
  'block_device_operations',
  'super_operations',
  'fs_context_operations',
  'file_system_type',
]);

function localHere(c: CType, name: string, given: string | null): string {
  const initial = given === null ? null : allocationHere(c, given);
  if (c.struct && !c.pointer && (initial === null || initial.startsWith('{')))
    return `const ${name} = yield* DECLARE_STRUCT_ONSTACK(${c.name}, '${name}');`;
  if (initial === 'null' || (initial === null && !isPlain(c)))
    return `let ${name}: ${typeHere(c)} | null = null;`;
  return initial === null ? `let ${name}: ${typeHere(c)};` : `let ${name} = ${initial};`;
}

/** `kzalloc(sizeof(*d), GFP_KERNEL)` as `yield* kzalloc(device, GFP_KERNEL)`, and `container_of()` with the name of the member. */
function allocationHere({ name }: CType, initial: string): string {
  return initial
    .replace(/\b(k[mz]alloc)\(\s*sizeof\s*(?:\([^()]*\)|\w+)/, `yield* $1(${name}`)
    .replace(
      /\b((?:container_of|list_entry|list_first_entry)\([^,]*),\s*struct\s+(\w+),\s*(\w+)\s*\)/,
      "$1, $2, '$3')",
    );
}

/** `static int open(struct device *dev)`: matches the type, the name and the parameters. */
export const FUNCTION = new RegExp(
  String.raw`^\s*(${C_TYPE})\s*\b(\w+)\s*\(([^;{)]*)(?:\)|$)\s*(;?)`,
  'g',
);

/** What is written in place of a function of C. */
export function functionHere(match: readonly (string | undefined)[]): string {
  const [, type = '', name = '', parameters = '', semicolon] = match;
  if (semicolon === ';')
    return `a function needs no declaration before it is used; delete this line`;
  const c = cType(type);
  const result = c.pointer && !isPlain(c) ? `${typeHere(c)} | null` : typeHere(c);
  return `this is C; write function* ${name}(${parametersHere(parameters)}): Op<${result}> {`;
}

/** `struct device *dev, int id` as `dev: device, id: number`. */
function parametersHere(text: string): string {
  if (/^\s*(?:void)?\s*$/.test(text)) return '';
  if (text.includes('(')) return '...'; // a function among them
  return text
    .split(',')
    .map((parameter) => parameterHere(parameter.trim()))
    .join(', ');
}

/** `struct device *dev` as `dev: device`. */
export function parameterHere(parameter: string): string {
  const [, type = '', name = ''] = /^(.*?)(\w+)(?:\[\])?$/.exec(parameter) ?? [];
  return name === '' || type === '' ? parameter : `${name}: ${typeHere(cType(type))}`;
}

/** The fields of a structure of C, if its closing bracket is there: `int id; struct file *f; }` as `id: int, f: ptr<file>()`. */
export function fieldsHere(text: string): string {
  const fields = /^(.*;)\s*\}$/.exec(text.trim())?.[1]?.split(';') ?? [];
  const here = fields
    .flatMap((field) => namesApart(field.trim()))
    .map((field) => (/[(){}:]/.test(field) ? '...' : fieldHere(field)));
  return here.length === 0 ? '...' : here.join(', ');
}

/** `int a, *b` as `int a` and `int *b`. */
function namesApart(field: string): string[] {
  const [first = '', ...more] = field.split(',');
  const type = first.replace(/[\s*]*\w+(?:\[\w*\])?\s*$/, '');
  return field === '' ? [] : [first, ...more.map((name) => `${type} ${name.trim()}`)];
}

function fieldHere(field: string): string {
  const [, type = '', name = '', length] = /^(.*?)(\w+)(?:\[(\w*)\])?$/.exec(field) ?? [];
  const c = cType(type);
  if (length !== undefined && !['char', 'u8'].includes(c.name))
    return `${name}: array(${isPlain(c) ? 'int' : `ptr<${typeHere(c)}>()`}, ${length})`;
  if (c.struct || !isPlain(c)) return `${name}: ${c.pointer ? `ptr<${typeHere(c)}>()` : c.name}`;
  return `${name}: ${{ boolean: 'bool', string: 'text' }[typeHere(c)] ?? 'int'}`;
}

/** A simple expression of C: no arrows, no addresses, no casts. */
export function expressionHere(text: string): string {
  return text
    .replace(CAST, '')
    .replace(/\s*->\s*/g, '.')
    .replace(/(^|[(,=!&|?:]\s*)[&*](?=\s*[A-Za-z_(])/g, '$1')
    .replace(/\bNULL\b/g, 'null');
}

/** `(struct file *)` in front of a value. */
export const CAST = new RegExp(String.raw`\(\s*(?:${C_TYPE}|\w+\s*\*+)\s*\)(?=\s*[\w&*(])`, 'g');
