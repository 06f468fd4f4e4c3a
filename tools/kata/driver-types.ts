// SPDX-License-Identifier: GPL-2.0-only
/**
 * Type errors of drivers, as `tsc` with this repository's tsconfig.json tells them, but of the drivers alone. A driver may lie
 * anywhere and be called anything: '#lib' is always this repository's lib/index.ts, and every file is read as TypeScript. Where the
 * files of the library come from is the caller's affair: a disk, or the site.
 */
import ts from 'typescript';
import type { TypeProblem } from './type-problem';
import { isUnknownName, typeSentence } from './type-sentence';

/** The files there are beside the drivers. A driver can name others, in its types and even in comments: those do not exist. */
export interface TypeFiles {
  /** The repository, with slashes. */
  readonly root: string;
  /** The folder of TypeScript's own declarations. */
  readonly standard: string;
  readonly has: (name: string) => boolean;
  /** The text of a file that there is, or of tsconfig.json. */
  readonly read: (name: string) => string | undefined;
}

/** A compiler that is kept: what it knows of the library it need not find out again. */
export class DriverTypes {
  readonly #files: TypeFiles;
  readonly #options: ts.CompilerOptions;
  readonly #service: ts.LanguageService;
  /** The drivers asked about, under the names the compiler knows them by. */
  #texts: ReadonlyMap<string, string> = new Map();

  /** `stricter` asks for more than a learner's driver must keep to. */
  constructor(files: TypeFiles, stricter: ts.CompilerOptions = {}) {
    this.#files = files;
    this.#options = { ...optionsOf(files), ...stricter };
    this.#service = ts.createLanguageService(this.#host());
  }

  /** Type errors of each driver, given by its file and text. */
  problems(drivers: ReadonlyMap<string, string>): ReadonlyMap<string, readonly TypeProblem[]> {
    this.#texts = new Map([...drivers].map(([file, text]) => [asTypeScript(file), text]));
    const program = this.#service.getProgram();
    if (program === undefined) throw new Error('the compiler makes no program');
    const library = this.#exports(program);
    return new Map(
      [...drivers.keys()].map((file) => {
        const source = program.getSourceFile(asTypeScript(file));
        return [file, source === undefined ? [] : problemsIn(program, source, library)];
      }),
    );
  }

  /** What '#lib' exports, types included. */
  #exports(program: ts.Program): ReadonlySet<string> {
    const checker = program.getTypeChecker();
    const index = program.getSourceFile(`${this.#files.root}/lib/index.ts`);
    const module = index === undefined ? undefined : checker.getSymbolAtLocation(index);
    return new Set(
      module === undefined ? [] : checker.getExportsOfModule(module).map(({ name }) => name),
    );
  }

  #host(): ts.LanguageServiceHost {
    const files = this.#files;
    const read = (name: string): string | undefined =>
      name === CONSOLE_FILE ? CONSOLE : (this.#texts.get(name) ?? files.read(name));
    return {
      // Comments change no type, and reading them takes as long as reading the code.
      jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
      getCompilationSettings: () => this.#options,
      getScriptFileNames: () => [CONSOLE_FILE, ...this.#texts.keys()],
      // The library does not change under a running tool; drivers do, and their text is the version.
      getScriptVersion: (name) => this.#texts.get(name) ?? '',
      getScriptSnapshot(name) {
        const text = read(name);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => files.root,
      getDefaultLibFileName: (options) => `${files.standard}/${ts.getDefaultLibFileName(options)}`,
      readFile: read,
      fileExists: (name) => this.#texts.has(name) || files.has(name),
      directoryExists: () => true,
      getDirectories: () => [],
      resolveModuleNameLiterals: resolver(files),
    };
  }
}

/** The one thing beside the library that a driver may name: the linker silences it. */
const CONSOLE = `declare const console: Readonly<Record<
  'assert' | 'clear' | 'count' | 'debug' | 'dir' | 'error' | 'group' | 'groupEnd' | 'info' | 'log' | 'table' | 'time' |
  'timeEnd' | 'trace' | 'warn', (...data: unknown[]) => void>>;`;
const CONSOLE_FILE = '/driver-console.d.ts';

function problemsIn(
  program: ts.Program,
  source: ts.SourceFile,
  library: ReadonlySet<string>,
): TypeProblem[] {
  const syntactic = program.getSyntacticDiagnostics(source);
  const found = syntactic.length > 0 ? syntactic : program.getSemanticDiagnostics(source);
  const errors = found.filter(({ category }) => category === ts.DiagnosticCategory.Error);
  const unknown = errors.filter(isUnknownName);
  const typed = { source, checker: program.getTypeChecker(), library };
  return (unknown.length > 0 ? unknown : errors)
    .map((error) => {
      const { line, character } = source.getLineAndCharacterOfPosition(error.start ?? 0);
      const message = typeSentence(error, typed);
      return { line: line + 1, column: character + 1, message, code: error.code };
    })
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

function optionsOf({ root, read }: TypeFiles): ts.CompilerOptions {
  const { config } = ts.readConfigFile(`${root}/tsconfig.json`, read) as {
    config?: { compilerOptions?: unknown }; // our own tsconfig.json
  };
  const { options } = ts.convertCompilerOptionsFromJson(config?.compilerOptions ?? {}, root);
  // A driver sees the kernel and nothing of Node or Jest. rootDir would refuse files from elsewhere.
  const { rootDir: _, ...rest } = options;
  // Dead code is not a type error: a driver with some of it runs.
  const lenient = { allowUnreachableCode: true, allowUnusedLabels: true };
  return { ...rest, ...lenient, types: [], noEmit: true, skipLibCheck: true };
}

function asTypeScript(file: string): string {
  return file.endsWith('.ts') ? file : `${file}.ts`;
}

type Resolve = NonNullable<ts.LanguageServiceHost['resolveModuleNameLiterals']>;

/** '#lib' is this repository's, from wherever it is imported. */
function resolver({ root, has, read }: TypeFiles): Resolve {
  const files: ts.ModuleResolutionHost = {
    fileExists: has,
    readFile: (name) => (has(name) ? read(name) : undefined),
    realpath: (name) => name,
  };
  const library: ts.ResolvedModuleFull = {
    resolvedFileName: `${root}/lib/index.ts`,
    extension: ts.Extension.Ts,
  };
  return (literals, containingFile, _redirected, options, source) =>
    literals.map((literal) =>
      literal.text === '#lib'
        ? { resolvedModule: library }
        : ts.resolveModuleName(
            literal.text,
            containingFile,
            options,
            files,
            undefined,
            undefined,
            ts.getModeForUsageLocation(source, literal, options),
          ),
    );
}
