// SPDX-License-Identifier: GPL-2.0-only
/**
 * A file of scenarios as a script: a function of what it imports, to what it exports. Lines stay where they are, so that stacks name
 * the lines of the source wherever it runs.
 */
import { type ImportDeclaration, parse, type Program } from 'acorn';
import MagicString from 'magic-string';
import { stripTypes } from '../../lib/driver/strip';

/** A file, ready to be evaluated: `(function (__import) { ...; return exports; })`. */
export interface Script {
  /** Relative to the repository; stacks call it that. */
  readonly file: string;
  readonly code: string;
}

/** Turns a module into a script. It may import and export names, and nothing else may be asked of its module. */
export function scriptOf(source: string, file: string): Script {
  const stripped = stripTypes(source, file);
  if (!stripped.ok) {
    const [first] = stripped.diagnostics;
    throw new Error(`${file}:${first?.line ?? 1}: ${first?.message ?? 'cannot be read'}`);
  }
  const { code } = stripped;
  const program = parse(code, { ecmaVersion: 2023, sourceType: 'module' });
  const text = new MagicString(code);
  replaceImports(program, text, code);
  const exported = exportsOf(program, text, file);
  text.prepend('(function (__import) { "use strict"; ');
  text.append(`\nreturn { ${exported.join(', ')} }; })\n//# sourceURL=${file}`);
  return { file, code: text.toString() };
}

/** Turns imports into declarations with as many lines. */
function replaceImports(program: Program, text: MagicString, code: string): void {
  for (const node of program.body) {
    if (node.type !== 'ImportDeclaration') continue;
    const lines = code.slice(node.start, node.end).split('\n').length - 1;
    const names = namesOf(node).join(', ');
    const from = JSON.stringify(node.source.value);
    text.update(
      node.start,
      node.end,
      `const { ${names} } = __import(${from});${'\n'.repeat(lines)}`,
    );
  }
}

function namesOf({ specifiers }: ImportDeclaration): string[] {
  return specifiers.map((one) => {
    if (one.type !== 'ImportSpecifier' || one.imported.type !== 'Identifier')
      throw new Error('scenarios import names');
    const { imported, local } = one;
    return imported.name === local.name ? local.name : `${imported.name}: ${local.name}`;
  });
}

/** Removes the words of exports, and says what is exported. */
function exportsOf(program: Program, text: MagicString, file: string): string[] {
  return program.body.flatMap((node) => {
    if (node.type === 'ExportDefaultDeclaration') {
      text.update(node.start, node.declaration.start, 'const __default = ');
      return ['default: __default'];
    }
    if (node.type === 'ExportAllDeclaration') throw new Error(`${file}: exports names of its own`);
    if (node.type !== 'ExportNamedDeclaration') return [];
    const { declaration } = node;
    if (declaration === null || declaration === undefined || node.source)
      throw new Error(`${file}: exports declarations`);
    text.remove(node.start, declaration.start);
    if (declaration.type !== 'VariableDeclaration') return [declaration.id.name];
    return declaration.declarations.flatMap(({ id }) =>
      id.type === 'Identifier' ? [id.name] : [],
    );
  });
}
