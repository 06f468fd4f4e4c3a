// SPDX-License-Identifier: GPL-2.0-only
/**
 * The player as one script. It is made of the modules that the build compiles anyway, and of Preact's, so that a class without the
 * development tools can write pages too. Each module becomes a function that is called on its first import.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import ts from 'typescript';
import { repositoryRoot } from '../kata/katas';

/** The whole script of a page that shows executions. */
export function playerScript(): string {
  const modules = new Map<string, Module>();
  collect(path.join(repositoryRoot(), 'dist', 'web', 'player', 'main.js'), modules);
  const ids = new Map([...modules.keys()].map((file, i) => [file, i]));
  const functions = [...modules.values()].map(({ code, imports }) => {
    const targets = Object.fromEntries(
      [...imports].map(([name, file]) => [name, ids.get(file) ?? -1]),
    );
    return `[${JSON.stringify(targets)}, function (exports, require, module) {\n${code}\n}]`;
  });
  return [
    '(function () {',
    "'use strict';",
    `const modules = [${functions.join(',\n')}];`,
    'const loaded = [];',
    'function load(id) {',
    '  if (loaded[id] === undefined) {',
    '    const module = (loaded[id] = { exports: {} });',
    '    const [targets, run] = modules[id];',
    '    run(module.exports, (name) => load(targets[name]), module);',
    '  }',
    '  return loaded[id].exports;',
    '}',
    'load(0);',
    '})();',
  ].join('\n');
}

/** A module as CommonJS, and the files of its imports. */
interface Module {
  readonly code: string;
  readonly imports: ReadonlyMap<string, string>;
}

/** Reads a module and all that it imports. The first one comes first. */
function collect(file: string, modules: Map<string, Module>): void {
  if (modules.has(file)) return;
  const code = withoutMap(commonJs(file));
  const imports = new Map<string, string>();
  modules.set(file, { code, imports });
  for (const [, name = ''] of code.matchAll(/\brequire\("([^"]+)"\)/g)) {
    imports.set(name, createRequire(file).resolve(name));
  }
  for (const target of imports.values()) collect(target, modules);
}

/** Preact comes as ES modules. */
function commonJs(file: string): string {
  const text = fs.readFileSync(file, 'utf8');
  if (path.extname(file) !== '.mjs') return text;
  const module = ts.ModuleKind.CommonJS;
  return ts.transpileModule(text, { compilerOptions: { module, target: ts.ScriptTarget.ES2022 } })
    .outputText;
}

function withoutMap(code: string): string {
  return code.replace(/^\/\/# sourceMappingURL=.*$/gm, '').trim();
}
