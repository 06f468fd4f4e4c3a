// SPDX-License-Identifier: GPL-2.0-only
/** Checks the types of the examples in doc comments, as an editor would in a driver. */
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { declares, type Example, fileScopeOf } from './examples';
import { root } from './pages';

/** The compiler's errors: `lib/kernel/list.ts:12: message`. */
export function typeErrors(examples: readonly (readonly [place: string, Example])[]): string[] {
  const options = optionsOf();
  const index = path.join(root, 'lib', 'index.ts');
  const library = ts.createProgram([index], options);
  const names = exportsOf(library, index);
  const files = new Map(
    examples.map(([place, example], i) => {
      const file = path.join(root, 'lib', `example-${i}.ts`);
      return [file, { place, text: moduleOf(example, names) }];
    }),
  );
  const host = ts.createCompilerHost(options);
  const exists = host.fileExists.bind(host);
  host.fileExists = (file) => files.has(file) || exists(file);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (file, version, ...rest) => {
    const example = files.get(file);
    if (example !== undefined) return ts.createSourceFile(file, example.text, version, true);
    return library.getSourceFile(file) ?? read(file, version, ...rest);
  };
  const program = ts.createProgram([...files.keys()], options, host, library);
  return [...files].flatMap(([file, { place }]) =>
    [
      ...program.getSyntacticDiagnostics(program.getSourceFile(file)),
      ...program.getSemanticDiagnostics(program.getSourceFile(file)),
    ].map(({ messageText }) => `${place}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`),
  );
}

/** The project's options, without those that require what an example does not have. */
function optionsOf(): ts.CompilerOptions {
  const file = path.join(root, 'tsconfig.json');
  const read = (name: string): string => fs.readFileSync(name, 'utf8');
  const config: unknown = ts.readConfigFile(file, read).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  return { ...options, noEmit: true, incremental: false, noUnusedLocals: false };
}

function exportsOf(program: ts.Program, file: string): string[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const symbol = source && checker.getSymbolAtLocation(source);
  return symbol ? checker.getExportsOfModule(symbol).map(({ name }) => name) : [];
}

function moduleOf({ code }: Example, names: readonly string[]): string {
  const cut = fileScopeOf(code);
  const used = names.filter(
    (name) => new RegExp(`(?<![\\w.])${name}\\b`).test(code) && !declares(code, name),
  );
  return `import { ${[...new Set([...used, 'Op'])].join(', ')} } from './index';
${code.slice(0, cut)}
export function* task(): Op<unknown> {${code.slice(cut)}
return null;
}`;
}
