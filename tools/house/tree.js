// SPDX-License-Identifier: GPL-2.0-only
'use strict';
/**
 * Prints the type errors and the lint of the whole tree as JSON. One process and the same programs for both, as the lint rules use
 * the compiler's types. The pages have a program of their own: they run in a browser.
 */
const path = require('node:path');
const { ESLint } = require('eslint');
const ts = require('typescript');

const root = path.resolve(__dirname, '..', '..');

function programOf(config) {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail };
  const { fileNames, options } = ts.getParsedCommandLineOfConfigFile(
    path.join(root, config),
    {},
    host,
  );
  // The lint rules go from a node to its parents.
  return ts.createProgram(fileNames, options, ts.createCompilerHost(options, true));
}

function fail({ messageText }) {
  throw new Error(ts.flattenDiagnosticMessageText(messageText, ' '));
}

function typeProblems(program) {
  return ts.getPreEmitDiagnostics(program).map(({ file, start, code, messageText }) => {
    const message = `error TS${code}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    if (file === undefined) return `tsconfig.json: ${message}`;
    const { line, character } = file.getLineAndCharacterOfPosition(start);
    return `${shown(file.fileName)}:${line + 1}:${character + 1}: ${message}`;
  });
}

async function lintProblems(programs) {
  const parserOptions = { projectService: false, programs };
  const overrideConfig = { files: ['**/*.{ts,tsx}'], languageOptions: { parserOptions } };
  const eslint = new ESLint({ cwd: root, overrideConfig });
  const results = await eslint.lintFiles(['.']);
  return results.flatMap(({ filePath, messages }) =>
    messages.map(
      ({ line, column, message, ruleId }) =>
        `${shown(filePath)}:${line}:${column}: ${message} (${ruleId ?? 'parser'})`,
    ),
  );
}

function shown(file) {
  return path.relative(root, file).split(path.sep).join('/');
}

const programs = ['tsconfig.json', 'web/tsconfig.json'].map(programOf);
const types = new Set(programs.flatMap(typeProblems));
const files = new Set(programs.flatMap((program) => program.getRootFileNames())).size;
lintProblems(programs).then((lint) => {
  process.stdout.write(JSON.stringify({ files, types: [...types], lint }));
});
