// SPDX-License-Identifier: GPL-2.0-only
/**
 * Turns a driver's source into something that can run: removes the types, checks everything, inserts guards, and wraps
 * the result into one function expression that takes the library and returns the driver's exports. Its lines are those
 * of the source.
 */
import type { Program } from 'acorn';
import MagicString from 'magic-string';
import { type Parsed, parseDriver } from './ast';
import { checkDriver } from './check';
import type { LibNames } from './context';
import { type Diagnostic, Reporter } from './diagnostic';
import { functionsToFreeze, hoistedFunctions, withoutPath } from './freeze';
import { insertGuards, insertScopes } from './guard';
import type { Names } from './scope';
import { stripTypes } from './strip';

/** A driver ready to be instantiated. */
export interface LinkedDriver {
  readonly ok: true;
  /**
   * `(function (__lib, __tick, __freeze, console, __enter, __leave) { ... })`, line for line the source, plus one line
   * at the end.
   */
  readonly code: string;
  /** The names it exports, in order. */
  readonly exports: readonly string[];
}

/** A refused driver, with every reason, ordered by position. */
export interface RefusedDriver {
  readonly ok: false;
  readonly diagnostics: readonly Diagnostic[];
}

/** Checks and links one driver. Pure: the same text and names give the same result. */
export function linkDriver(
  source: string,
  fileName: string,
  lib: LibNames,
): LinkedDriver | RefusedDriver {
  const stripped = stripTypes(source, fileName);
  if (!stripped.ok) return stripped;
  const { code } = stripped;
  const reporter = new Reporter(fileName, code);
  const parsed = parseDriver(code, reporter);
  const names = parsed === null ? null : check(parsed.program, code, lib, reporter);
  const diagnostics = reporter.diagnostics();
  if (parsed === null || names === null || diagnostics.length > 0)
    return { ok: false, diagnostics };
  return { ok: true, ...emit(code, parsed, names, reporter) };
}

function check(program: Program, code: string, lib: LibNames, reporter: Reporter): Names | null {
  try {
    return checkDriver(program, code, lib, reporter);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    reporter.report(
      0,
      'text',
      'the file is nested too deeply to be read; split it into smaller functions',
    );
    return null;
  }
}

function emit(
  code: string,
  parsed: Parsed,
  names: Names,
  reporter: Reporter,
): Omit<LinkedDriver, 'ok'> {
  const text = new MagicString(code);
  const imports = blankImports(parsed.program, text, code);
  const exported = blankExports(parsed.program, text, code);
  respell(parsed, text, code);
  insertGuards(names.nodes, text, (offset) => reporter.lineOf(offset));
  if (usesStack(parsed.program)) insertScopes(names.nodes, text);
  for (const { start, end } of withoutPath(names)) {
    text.prependRight(start, '__freeze(').appendLeft(end, ')');
  }
  const hoisted = hoistedFunctions(names);
  const others = functionsToFreeze(names).filter((path) => !hoisted.includes(path));
  const freeze = (paths: readonly string[]): string =>
    paths.map((path) => `__freeze(${path});`).join(' ');
  const object = [...exported].map(([name, local]) => `${name}: ${local}`);
  text.prepend(
    `(function (__lib, __tick, __freeze, console, __enter, __leave) { "use strict"; { const { ${imports.join(', ')} } = __lib; ${freeze(hoisted)} `,
  );
  text.append(
    `\n${freeze(others)} return __freeze({ ${['__proto__: null', ...object].join(', ')} }); } })`,
  );
  return { code: text.toString(), exports: [...exported.keys()] };
}

function blank(text: MagicString, code: string, start: number, end: number): void {
  if (end > start) text.update(start, end, code.slice(start, end).replace(/[^\n]/g, ' '));
}

/** A module's imports are hoisted, so they become one destructuring before the first line. */
function blankImports(program: Program, text: MagicString, code: string): string[] {
  const members: string[] = [];
  for (const node of program.body) {
    if (node.type !== 'ImportDeclaration') continue;
    blank(text, code, node.start, node.end);
    for (const specifier of node.specifiers) {
      if (specifier.type !== 'ImportSpecifier' || specifier.imported.type !== 'Identifier')
        continue;
      const { imported, local } = specifier;
      members.push(imported.name === local.name ? local.name : `${imported.name}: ${local.name}`);
    }
  }
  return members;
}

/** Whether a driver can put something on its stack. Only these imports can, under any local name. */
function usesStack(program: Program): boolean {
  return program.body.some(
    (node) =>
      node.type === 'ImportDeclaration' &&
      node.specifiers.some(
        (specifier) =>
          specifier.type === 'ImportSpecifier' &&
          specifier.imported.type === 'Identifier' &&
          /_ON_?STACK$/.test(specifier.imported.name),
      ),
  );
}

/** Maps exported names to local names. */
function blankExports(program: Program, text: MagicString, code: string): Map<string, string> {
  const exported = new Map<string, string>();
  for (const node of program.body) {
    if (node.type !== 'ExportNamedDeclaration') continue;
    const { declaration } = node;
    blank(text, code, node.start, clauseEnd(node));
    if (declaration?.type === 'FunctionDeclaration')
      exported.set(declaration.id.name, declaration.id.name);
    if (declaration?.type === 'VariableDeclaration') {
      for (const { id } of declaration.declarations)
        if (id.type === 'Identifier') exported.set(id.name, id.name);
    }
    for (const specifier of node.specifiers) {
      const { local, exported: outside } = specifier;
      if (local.type === 'Identifier' && outside.type === 'Identifier')
        exported.set(outside.name, local.name);
    }
  }
  return exported;
}

/**
 * The evaluated text is a script. There `<!--` and a leading `-->` start a comment, and a comment can name a source map;
 * a module has neither. So this blanks comments, separates those operators, and respells strings.
 */
function respell({ program, comments, tokens }: Parsed, text: MagicString, code: string): void {
  // Comments inside an import or export clause are blank already.
  const clauses = program.body.filter((node) => /^(?:Im|Ex)port/.test(node.type));
  const isBlank = (start: number, end: number): boolean =>
    clauses.some((clause) => start >= clause.start && end <= clauseEnd(clause));
  for (const { start, end } of comments) {
    if (!isBlank(start, end)) blank(text, code, start, end);
  }
  for (const { type, start, end } of tokens) {
    const token = code.slice(start, end);
    const spelled = respelled(token, QUOTED.has(type.label));
    if (spelled !== token && !isBlank(start, end)) text.update(start, end, spelled);
    if (token === '--' && code[end] === '>') text.appendLeft(end, ' ');
    if (token === '<' && code.startsWith('!--', end)) text.appendLeft(end, ' ');
  }
}

const QUOTED = new Set(['string', 'template', 'regexp']);

/**
 * The same token in other letters. A sandbox that searches the text would take it for eval, an import or an HTML
 * comment. At this point such names can only be property names.
 */
function respelled(token: string, quoted: boolean): string {
  if (token === 'eval') return 'ev\\u0061l';
  if (token === 'import') return 'im\\u0070ort';
  if (!quoted) return token;
  return token
    .replace(/\beval\b/g, 'ev\\x61l')
    .replace(/\bimport\b/g, 'im\\x70ort')
    .replace(/<!--/g, '<\\x21--')
    .replace(/-->/g, '--\\x3e');
}

/** The offset after the part of an import or export that the linker removes. */
function clauseEnd(node: Program['body'][number]): number {
  return node.type === 'ExportNamedDeclaration' ? (node.declaration?.start ?? node.end) : node.end;
}
