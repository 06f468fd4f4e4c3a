// SPDX-License-Identifier: GPL-2.0-only
'use strict';
/**
 * Prints the type errors and the lint of the whole tree as JSON. One process and one program for both, as the lint rules use the
 * compiler's types.
 */
const path = require('node:path');
const { ESLint } = require('eslint');
const ts = require('typescript');

const root = path.resolve(__dirname, '..', '..');

function programOf() {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail };
  const { fileNames, options } = ts.getParsedCommandLineOfConfigFile(
    path.join(root, 'tsconfig.json'),
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

async function lintProblems(program) {
  const parserOptions = { projectService: false, programs: [program] };
  const overrideConfig = { files: ['**/*.ts'], languageOptions: { parserOptions } };
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

const program = programOf();
const types = typeProblems(program);
lintProblems(program).then((lint) => {
  process.stdout.write(JSON.stringify({ files: program.getRootFileNames().length, types, lint }));
});
