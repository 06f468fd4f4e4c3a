// SPDX-License-Identifier: GPL-2.0-only
/**
 * Type errors of drivers, as `tsc` with this repository's tsconfig.json tells them, but of the drivers alone. A driver may lie
 * anywhere and be called anything: '#lib' is always this repository's lib/index.ts, and every file is read as TypeScript.
 */
import path from 'node:path';
import ts from 'typescript';
import type { TypeProblem } from './type-problem';

/** Type errors of each file. Nothing is kept between two calls. */
export function typeProblems(
  root: string,
  files: readonly string[],
): ReadonlyMap<string, readonly TypeProblem[]> {
  const options = optionsOf(root);
  const names = new Map(files.map((file) => [file, asTypeScript(file)]));
  const host = hostFor(root, options, new Map([...names].map(([file, name]) => [name, file])));
  const program = ts.createProgram([CONSOLE_FILE, ...names.values()], options, host);
  return new Map(
    [...names].map(([file, name]) => {
      const source = program.getSourceFile(name);
      return [file, source === undefined ? [] : problemsIn(program, source)];
    }),
  );
}

/** The one thing beside the library that a driver may name: the linker silences it. */
const CONSOLE = `declare const console: Readonly<Record<
  'assert' | 'clear' | 'count' | 'debug' | 'dir' | 'error' | 'group' | 'groupEnd' | 'info' | 'log' | 'table' | 'time' |
  'timeEnd' | 'trace' | 'warn', (...data: unknown[]) => void>>;`;
const CONSOLE_FILE = '/driver-console.d.ts';

function problemsIn(program: ts.Program, source: ts.SourceFile): TypeProblem[] {
  const syntactic = program.getSyntacticDiagnostics(source);
  const found = syntactic.length > 0 ? syntactic : program.getSemanticDiagnostics(source);
  return found
    .filter(({ category }) => category === ts.DiagnosticCategory.Error)
    .map(({ start, messageText, code }) => {
      const { line, character } = source.getLineAndCharacterOfPosition(start ?? 0);
      return { line: line + 1, column: character + 1, message: sentence(messageText), code };
    })
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

/** The first sentence; what follows it in a chain explains the type system and not the driver. */
function sentence(text: string | ts.DiagnosticMessageChain): string {
  const first = typeof text === 'string' ? text : text.messageText;
  const line = first.split('\n')[0] ?? '';
  // Advice on how to install types or change tsconfig.json would lead a learner astray.
  return line.replace(/\. Do you need to .*$/, '').replace(/\.$/, '');
}

function optionsOf(root: string): ts.CompilerOptions {
  const file = path.join(root, 'tsconfig.json');
  const { config } = ts.readConfigFile(file, (name) => ts.sys.readFile(name)) as {
    config?: { compilerOptions?: unknown };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config?.compilerOptions ?? {}, root);
  // A driver sees the kernel and nothing of Node or Jest. rootDir would refuse files from elsewhere.
  const { rootDir: _, ...rest } = options;
  // Dead code is no type error: a driver with some of it runs.
  const lenient = { allowUnreachableCode: true, allowUnusedLabels: true };
  return { ...rest, ...lenient, types: [], noEmit: true, skipLibCheck: true };
}

function asTypeScript(file: string): string {
  return file.endsWith('.ts') ? file : `${file}.ts`;
}

function hostFor(
  root: string,
  options: ts.CompilerOptions,
  files: ReadonlyMap<string, string>,
): ts.CompilerHost {
  const host = ts.createCompilerHost(options, true);
  const readFile = (name: string): string | undefined => host.readFile(files.get(name) ?? name);
  const library: ts.ResolvedModuleFull = {
    resolvedFileName: path.join(root, 'lib', 'index.ts'),
    extension: ts.Extension.Ts,
  };
  return {
    ...host,
    readFile,
    fileExists: (name) => files.has(name) || host.fileExists(name),
    getCurrentDirectory: () => root,
    getSourceFile: (name, target) => {
      const text = name === CONSOLE_FILE ? CONSOLE : readFile(name);
      return text === undefined ? undefined : ts.createSourceFile(name, text, target, true);
    },
    resolveModuleNameLiterals: (literals, containingFile, _redirected, compilerOptions, source) =>
      literals.map((literal) =>
        literal.text === '#lib'
          ? { resolvedModule: library }
          : ts.resolveModuleName(
              literal.text,
              containingFile,
              compilerOptions,
              host,
              undefined,
              undefined,
              ts.getModeForUsageLocation(source, literal, compilerOptions),
            ),
      ),
  };
}
