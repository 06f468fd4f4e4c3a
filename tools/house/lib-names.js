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
    const kinds = kindsOf(checker, type);
    if (kinds.some((kind) => kind !== '')) parameters.push([symbol.name, kinds]);
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

/** A word for each parameter of a function: what its types say it must be; none for what is no function. */
function kindsOf(checker, type) {
  const [signature, ...others] = type.getCallSignatures();
  if (signature === undefined || others.length > 0) return [];
  return signature.parameters.map((parameter) => kindOf(checker, parameter));
}

/** Objects of the kernel that are no structures of a driver's: each operation is meant for those of one type. */
const KERNEL_OBJECTS = new Set(
  `atomic_t completion idr kref llist_head mempool_t module mutex percpu_ref rcu_head refcount_t rw_semaphore rwlock_t
   semaphore spinlock_t wait_queue_head_t work_struct workqueue_struct`.split(/\s+/),
);

function kindOf(checker, parameter) {
  const declared = checker.getTypeOfSymbolAtLocation(parameter, parameter.valueDeclaration);
  const type = checker.getNonNullableType(declared);
  const bound = checker.getBaseConstraintOfType(type) ?? type;
  if (allAre(bound, ts.TypeFlags.NumberLike)) return 'number';
  if (allAre(bound, ts.TypeFlags.StringLike)) return 'string';
  if (allAre(bound, ts.TypeFlags.BooleanLike)) return 'boolean';
  const name = bound.symbol?.name ?? '';
  return KERNEL_OBJECTS.has(name) ? name : '';
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
    /^(struct|ptr|fn|array|static_var|LIST_HEAD|LLIST_HEAD)$/.test(name)
  );
}

/** Names in lines of a readable length. */
function list(names) {
  const lines = [''];
  for (const name of names) {
    if (lines.at(-1).length + name.length > 100) lines.push('');
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
    '/** What parameters must be: a type of values, or of kernel objects; empty for anything. */',
    'export const PARAMETERS: Readonly<Record<string, readonly string[]>> = {',
    ...parameters.map(
      ([name, kinds]) => `  ${name}: [${kinds.map((kind) => `'${kind}'`).join(', ')}],`,
    ),
    '};',
    '',
  ].join('\n');
}

/** The text the file should have. */
function expected() {
  return render(libNames());
}

module.exports = { expected, target };

if (require.main === module) fs.writeFileSync(target, expected());
