// SPDX-License-Identifier: GPL-2.0-only
'use strict';
/**
 * Compiles one file by itself, with the options of tsconfig.json. It does not check types (`npm run typecheck` does) and does not
 * follow imports, so the result depends only on the file's text.
 */
const fs = require('node:fs');
const path = require('node:path');
const { root } = require('./sources.js');

/** What the result depends on besides the text. If it changes, everything is compiled again. */
function compilerId() {
  const { version } = require('typescript/package.json');
  const files = [path.join(root, 'tsconfig.json'), __filename];
  return [version, ...files.map((file) => fs.readFileSync(file, 'utf8'))].join('\0');
}

/** `{ code, map }` of a source, or `{ problem }`: the first syntax error, with file, line and column. */
function compile(file, text) {
  // Loading the compiler takes longer than compiling a file, so it is loaded only if a file has changed.
  const ts = require('typescript');
  const { outputText, sourceMapText, diagnostics } = ts.transpileModule(text, {
    fileName: path.join(root, file),
    compilerOptions: options(ts),
    reportDiagnostics: true,
  });
  const [first] = diagnostics.filter(({ category }) => category === ts.DiagnosticCategory.Error);
  if (first !== undefined) return { problem: sentence(ts, file, first) };
  const map = JSON.parse(sourceMapText);
  // The map is in dist/, one level deeper below the root than the source.
  map.sources = [path.posix.relative(path.posix.join('dist', path.posix.dirname(file)), file)];
  return { code: outputText, map: JSON.stringify(map) };
}

let known;

function options(ts) {
  known ??= readOptions(ts);
  return known;
}

function readOptions(ts) {
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options: read } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  // Only the player has JSX; it says so itself, in web/tsconfig.json.
  const jsx = { jsx: ts.JsxEmit.ReactJSX, jsxImportSource: 'preact' };
  return { ...read, ...jsx, noEmit: false, sourceMap: true, types: [] };
}

function sentence(ts, file, { file: source, start, messageText }) {
  const { line, character } = source.getLineAndCharacterOfPosition(start ?? 0);
  const text = ts.flattenDiagnosticMessageText(messageText, ' ');
  return `${file}:${line + 1}:${character + 1}: ${text}`;
}

module.exports = { compile, compilerId };
