// SPDX-License-Identifier: GPL-2.0-only
/**
 * From a driver's source to something that can run: types away, everything checked, guards in, and one function
 * expression out, which takes the library and gives the driver's exports. Its lines are those of the source.
 */
import type { Program } from 'acorn';
import MagicString from 'magic-string';
import { type Parsed, parseDriver } from './ast';
import { type LibNames, checkDriver } from './check';
import { type Diagnostic, Reporter } from './diagnostic';
import { functionsToFreeze } from './freeze';
import { insertGuards } from './guard';
import type { Names } from './scope';
import { stripTypes } from './strip';

/** A driver ready to be instantiated. */
export interface LinkedDriver {
  readonly ok: true;
  /** `(function (__lib, __tick, console) { ... })`, line for line the source, plus one line at the end. */
  readonly code: string;
  /** The names it exports, in order. */
  readonly exports: readonly string[];
}

/** A driver that is refused, and every reason found, by position. */
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
  const names = parsed === null ? null : check(parsed.program, lib, reporter);
  const diagnostics = reporter.diagnostics();
  if (parsed === null || names === null || diagnostics.length > 0)
    return { ok: false, diagnostics };
  return { ok: true, ...emit(code, parsed, names, reporter) };
}

function check(program: Program, lib: LibNames, reporter: Reporter): Names | null {
  try {
    return checkDriver(program, lib, reporter);
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
  const freeze = functionsToFreeze(names).map((path) => `__freeze(${path});`);
  const object = [...exported].map(([name, local]) => `${name}: ${local}`);
  text.prepend(
    `(function (__lib, __tick, console) { "use strict"; ${FREEZE} { const { ${imports.join(', ')} } = __lib; `,
  );
  text.append(
    `\n${freeze.join(' ')} return __freeze({ ${['__proto__: null', ...object].join(', ')} }); } })`,
  );
  return { code: text.toString(), exports: [...exported.keys()] };
}

// Backstop for writes.ts: a property hung on a function by a path no reader of the text sees fails when it is written.
const FREEZE =
  'const __freeze = (f) => { if (f.prototype) Object.freeze(f.prototype); return Object.freeze(f); };';

function blank(text: MagicString, code: string, start: number, end: number): void {
  if (end > start) text.update(start, end, code.slice(start, end).replace(/[^\n]/g, ' '));
}

/** Imports are hoisted in a module, so they become one destructuring in front of the first line. */
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

/** Exported name to local name. */
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
 * Evaluated text is a script, where `<!--` and a leading `-->` start a comment, and where a comment can name a source
 * map; a module has neither. So comments become blanks and those operators are spelled apart.
 */
function respell({ program, comments, tokens }: Parsed, text: MagicString, code: string): void {
  // Those inside an import or export clause are blank already.
  const clauses = program.body.filter((node) => /^(?:Im|Ex)port/.test(node.type));
  for (const { start, end } of comments) {
    if (!clauses.some((clause) => start >= clause.start && end <= clauseEnd(clause))) {
      blank(text, code, start, end);
    }
  }
  for (const { start, end } of tokens) {
    const token = code.slice(start, end);
    if (token === '--' && code[end] === '>') text.appendLeft(end, ' ');
    if (token === '<' && code.startsWith('!--', end)) text.appendLeft(end, ' ');
  }
}

/** Where the part of an import or export that the linker removes ends. */
function clauseEnd(node: Program['body'][number]): number {
  return node.type === 'ExportNamedDeclaration' ? (node.declaration?.start ?? node.end) : node.end;
}
