// SPDX-License-Identifier: GPL-2.0-only
'use strict';
/**
 * Writes lib/kata/lib-names.ts: which exports of lib/driver-lib.ts give an operation, which declare something at file scope, which
 * others of lib/index.ts are for scenarios, and what their parameters are where that is looked at when a driver calls them.
 */
const fs = require('node:fs');
const path = require('node:path');
const ts = require('typescript');

const root = path.join(__dirname, '..', '..');
const target = path.join(root, 'lib', 'kata', 'lib-names.ts');

/** Names of the driver-facing exports, by what they are. */
function libNames() {
  const entry = path.join(root, 'lib', 'driver-lib.ts');
  const config = ts.readConfigFile(path.join(root, 'tsconfig.json'), ts.sys.readFile).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const whole = path.join(root, 'lib', 'index.ts');
  const program = ts.createProgram([entry, whole], { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  const exportsOf = (file) =>
    checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)));
  const operations = [];
  const declarators = [];
  const parameters = [];
  const valueOf = (symbol) => {
    const real = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    return real.valueDeclaration ? real : null;
  };
  const forDrivers = exportsOf(entry);
  const known = new Set(forDrivers.map(({ name }) => name));
  const scenarios = exportsOf(whole).filter(
    (symbol) => !known.has(symbol.name) && valueOf(symbol) !== null,
  );
  for (const symbol of forDrivers) {
    const real = valueOf(symbol);
    if (real === null) continue;
    const type = checker.getTypeOfSymbolAtLocation(real, real.valueDeclaration);
    const kinds = kindsOf(checker, type, symbol.name);
    if (kinds !== null) parameters.push([symbol.name, kinds]);
    const returns = type.getCallSignatures().map((signature) => signature.getReturnType());
    if (returns.some((result) => (result.aliasSymbol ?? result.symbol)?.name === 'Op')) {
      operations.push(symbol.name);
    } else if (isDeclarator(symbol.name)) {
      declarators.push(symbol.name);
    }
  }
  return {
    operations: operations.sort(),
    scenarios: scenarios.map(({ name }) => name).sort(),
    declarators: declarators.sort(),
    parameters: parameters.sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}

/** A word for each parameter of a function: what its types say it must be; null for what is not a function. */
function kindsOf(checker, type, name) {
  const [signature, ...others] = type.getCallSignatures();
  if (signature === undefined) return null;
  if (others.length > 0) throw new Error('lib-names: a function for drivers has one signature');
  return signature.parameters.map((parameter) => {
    const word = OWN[name]?.includes(parameter.name) ? 'own' : kindOf(checker, parameter);
    if (word === null) throw new Error(`lib-names: no word for ${parameter.name} of ${name}()`);
    const { questionToken, initializer } = parameter.valueDeclaration;
    return (questionToken ?? initializer) ? `${word}?` : word;
  });
}

/** Parameters that are only compared, or handed back to the caller's own function. */
const OWN = {
  idr_for_each: ['data'],
  ERR_CAST: ['pointer'],
  IS_ERR: ['pointer'],
  IS_ERR_OR_NULL: ['pointer'],
  PTR_ERR: ['pointer'],
  PTR_ERR_OR_ZERO: ['pointer'],
  xa_err: ['entry'],
  xa_is_err: ['entry'],
};

/** Tables of a driver's functions and constants, arrays of objects, and what a function writes a result to. */
const SHAPES = {
  IdrOptions: 'table',
  Operations2006: 'table',
  Operations2021: 'table',
  FileFunctions: 'table',
  FileSystemFunctions: 'table',
  ContextFunctions: 'table',
  SuperFunctions: 'table',
  FamilyOptions: 'table',
  nlattrs: 'table',
  genl_info: 'info',
  id_out: 'out',
  out: 'out',
  xa_limit: 'table',
  StructType: 'type',
  Scalar: 'scalar',
};

/** What a text is for, by the name of the parameter. */
const WORDS = [
  [/^(name|typeName)$/, 'name'],
  [/^(field|member)$/, 'field'],
];

function kindOf(checker, parameter) {
  if (parameter.valueDeclaration.dotDotDotToken) return '...';
  const declared = checker.getTypeOfSymbolAtLocation(parameter, parameter.valueDeclaration);
  const type = checker.getNonNullableType(declared);
  const bound = checker.getBaseConstraintOfType(type) ?? type;
  if (bound.flags & ts.TypeFlags.Never) return 'nothing';
  if (allAre(bound, ts.TypeFlags.NumberLike)) return 'number';
  if (allAre(bound, ts.TypeFlags.StringLike))
    return WORDS.find(([names]) => names.test(parameter.name))?.[1] ?? 'string';
  if (allAre(bound, ts.TypeFlags.BooleanLike)) return 'boolean';
  if (allAre(bound, ts.TypeFlags.NumberLike | ts.TypeFlags.StringLike)) return 'field';
  if (bound.getCallSignatures().length > 0) return 'function';
  // {}: whatever has that type is stored, or compared, as it is.
  if (bound.flags & ts.TypeFlags.Unknown || checker.typeToString(bound) === '{}') return 'value';
  if (checker.isArrayType(bound)) return 'array';
  const words = new Set(partsOf(bound).map((one) => wordOf(checker, one)));
  words.delete('pointer'); // following one faults, whatever its type
  return words.size === 1 ? [...words][0] : null;
}

function partsOf(type) {
  return type.isUnion() ? type.types : [type];
}

/** The name of the type of kernel objects, or a word of SHAPES. */
function wordOf(checker, type) {
  const { name } = type.aliasSymbol ?? type.symbol ?? { name: '' };
  if (name in SHAPES) return SHAPES[name];
  if (name === 'errptr') return 'pointer';
  if (name === 'Readonly' || name === 'Record') return 'fields';
  if (type.isIntersection() || name === 'Handle') return 'object';
  if (checker.isArrayType(type) || type.flags & ts.TypeFlags.NumberLike) return 'attribute';
  return checker.getPropertyOfType(type, 'typeName') ? null : name;
}

function allAre(type, flags) {
  if (type.flags & flags) return true;
  if (type.isUnion()) return type.types.every((one) => allAre(one, flags));
  return type.isIntersection() && type.types.some((one) => allAre(one, flags));
}

/** What may be called at a driver's file scope. */
function isDeclarator(name) {
  return (
    /^(DEFINE|DECLARE)_/.test(name) ||
    /^(struct|ptr|fn|array|static_var|[HL]?LIST_HEAD|(ATOMIC|BLOCKING|RAW)_NOTIFIER_HEAD)$/.test(
      name,
    )
  );
}

/** Names in long lines, as a file has a ceiling of lines. */
function list(names) {
  const lines = [''];
  for (const name of names) {
    if (lines.at(-1).length + name.length > 140) lines.push('');
    lines.push(`${lines.pop()} ${name}`);
  }
  return `\`\n${lines.map((line) => ` ${line}`).join('\n')}\n\`\n  .trim()\n  .split(/\\s+/)`;
}

function render({ operations, scenarios, declarators, parameters }) {
  return [
    '// SPDX-License-Identifier: GPL-2.0-only',
    '/** Written by tools/house/lib-names.js from the types of lib/driver-lib.ts and lib/index.ts; do not edit. */',
    '',
    '/** Exports whose result must be run with `yield*`. */',
    `export const OP_EXPORTS: readonly string[] = ${list(operations)};`,
    '',
    '/** Exports of lib/index.ts that only scenarios may import. */',
    `export const SCENARIO_EXPORTS: readonly string[] = ${list(scenarios)};`,
    '',
    "/** Exports that declare something at a driver's file scope. */",
    `export const DECLARATORS: readonly string[] = ${list(declarators)};`,
    '',
    '/** What the parameters of every function must be: a word of lib/kata/parameters.ts, or the type of a kernel object. */',
    'export const PARAMETERS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(',
    `  ${list(parameters.map(([name, words]) => `${name}(${words.join()})`))}.map((entry) => {`,
    "    const [name = '', words = ''] = entry.slice(0, -1).split('(');",
    "    return [name, words === '' ? [] : words.split(',')];",
    '  }),',
    ');',
    '',
  ].join('\n');
}

/** The text the file should have. */
function expected() {
  return render(libNames());
}

module.exports = { expected, target };

if (require.main === module) fs.writeFileSync(target, expected());
