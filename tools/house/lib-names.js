// SPDX-License-Identifier: GPL-2.0-only
'use strict';
/**
 * Writes lib/kata/lib-names.ts: which exports of lib/driver-lib.ts give an operation, and which declare something at file
 * scope. The driver checks need both by name. `--check` compares instead of writing.
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
  const program = ts.createProgram([entry], { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(entry));
  const operations = [];
  const declarators = [];
  for (const symbol of checker.getExportsOfModule(module)) {
    const real = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    if (!real.valueDeclaration) continue;
    const type = checker.getTypeOfSymbolAtLocation(real, real.valueDeclaration);
    const returns = type.getCallSignatures().map((signature) => signature.getReturnType());
    if (returns.some((result) => (result.aliasSymbol ?? result.symbol)?.name === 'Op')) {
      operations.push(symbol.name);
    } else if (isDeclarator(symbol.name)) {
      declarators.push(symbol.name);
    }
  }
  return { operations: operations.sort(), declarators: declarators.sort() };
}

/** What may be called at a driver's file scope. */
function isDeclarator(name) {
  return (
    /^(DEFINE|DECLARE)_/.test(name) ||
    /^(struct|ptr|fn|array|static_var|LIST_HEAD|LLIST_HEAD)$/.test(name)
  );
}

function render({ operations, declarators }) {
  const list = (names) => names.map((name) => `  '${name}',`).join('\n');
  return [
    '// SPDX-License-Identifier: GPL-2.0-only',
    '/** Written by tools/house/lib-names.js from the types of lib/driver-lib.ts; do not edit. */',
    '',
    '/** Exports whose result must be run with `yield*`. */',
    `export const OP_EXPORTS: readonly string[] = [\n${list(operations)}\n];`,
    '',
    "/** Exports that declare something at a driver's file scope. */",
    `export const DECLARATORS: readonly string[] = [\n${list(declarators)}\n];`,
    '',
  ].join('\n');
}

/** The text the file should have. */
function expected() {
  return render(libNames());
}

module.exports = { expected, target };

if (require.main === module) fs.writeFileSync(target, expected());
