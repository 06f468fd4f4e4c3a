// SPDX-License-Identifier: GPL-2.0-only
'use strict';
/**
 * The checks of `npm run check` and of house.test.ts. Each returns its problems, one line each, file first.
 *
 * A kata that a learner is solving belongs to the learner: if its port differs from the digest in kata.json, problems in its
 * folder are ignored. So a learner can commit in any style and keep `npm test` green.
 */
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..', '..');
const skipped = new Set(['node_modules', 'dist', 'site', 'coverage', '.kata', '.git']);

/** Where the tools store results for files that have not changed. */
const cache = (name) => path.join(root, 'node_modules', '.cache', 'kata', name);

/** Type errors and lint of the whole tree, with all rules, in one process. Uses no stored results. */
function treeProblems() {
  const output = run(path.join(__dirname, 'tree.js'), []);
  if (!output.startsWith('{')) throw new Error(firstLine(output, 'tree.js said nothing'));
  const { files, types, lint } = JSON.parse(output);
  return { files, types: withoutLearners(types), lint: withoutLearners(lint) };
}

/** Type errors of the whole tree. */
function typeProblems() {
  const args = ['--noEmit', '--pretty', 'false', '--incremental', '--tsBuildInfoFile'];
  const lines = ['.', 'web'].flatMap((project) =>
    run('typescript/bin/tsc', ['-p', project, ...args, cache(`tsc-${project}`)]).split('\n'),
  );
  const problems = lines.filter((line) => /\berror TS\d+/.test(line) && !line.includes('TS18003'));
  return withoutLearners(problems.map((line) => line.replace(/\((\d+),(\d+)\)/, ':$1:$2')));
}

/** The problems found by the rules that need no types. */
function quickLintProblems() {
  process.env.KATA_LINT = 'quick';
  return lintProblems([
    '.',
    '--cache',
    '--cache-strategy',
    'content',
    '--cache-location',
    cache('eslint'),
  ]);
}

/** The checks of the commit hook for single files: format, and the rules that need no types. */
function problemsOfFiles(files) {
  const scripts = files.filter((file) => /\.[cm]?[jt]sx?$/.test(file));
  const unformatted = formatProblems(files);
  if (scripts.length === 0) return unformatted;
  process.env.KATA_LINT = 'quick';
  return [...lintProblems([...scripts, '--no-warn-ignored']), ...unformatted];
}

/** ESLint's findings, warnings included. */
function lintProblems(args) {
  const output = run(binOf('eslint'), [...args, '--format', 'json']);
  if (!output.trimStart().startsWith('[')) return [firstLine(output, 'eslint said nothing')];
  const problems = JSON.parse(output).flatMap(({ filePath, messages }) =>
    messages.map(({ line, column, message, ruleId }) => {
      const file = path.relative(root, filePath).split(path.sep).join('/');
      return `${file}:${line}:${column}: ${message} (${ruleId ?? 'parser'})`;
    }),
  );
  return withoutLearners(problems);
}

/** Files that Prettier would write differently. */
function formatProblems(files = ['.']) {
  const known = ['--cache', '--cache-strategy', 'content', '--cache-location', cache('prettier')];
  const args = ['--check', ...files, ...known, '--log-level', 'warn', '--ignore-unknown'];
  const lines = run(binOf('prettier'), args).split('\n');
  const problems = lines
    .map((line) => line.replace(/^\[\w+\] /, '').trim())
    .filter((line) => line !== '' && !line.startsWith('Code style issues'))
    .map((line) =>
      /\s/.test(line) ? line : `${line}: not formatted (npx prettier --write ${line})`,
    );
  return withoutLearners(problems);
}

function withoutLearners(problems) {
  const edited = editedKatas();
  return problems.filter((problem) => !edited.some((id) => problem.startsWith(`katas/${id}/`)));
}

/** The folders of katas/ whose port differs from the one that was shipped. */
function editedKatas() {
  const katas = path.join(root, 'katas');
  if (!fs.existsSync(katas)) return [];
  return fs.readdirSync(katas).filter((id) => {
    const folder = path.join(katas, id);
    const about = readOr(path.join(folder, 'kata.json'));
    const digest = /"(?:sha256[:-])?([0-9a-f]{64})"/.exec(about)?.[1];
    const driver = /"driver"\s*:\s*"([^"]+)"/.exec(about)?.[1];
    if (digest === undefined || driver === undefined) return false;
    return (
      digest !==
      createHash('sha256')
        .update(readOr(path.join(folder, driver)))
        .digest('hex')
    );
  });
}

/** Every file of the project with one of these endings, relative to its root. */
function filesEnding(endings, folder = '') {
  return fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : filesEnding(endings, file);
    return endings.some((ending) => file.endsWith(ending)) ? [file] : [];
  });
}

/** The script behind a package's command. */
function binOf(name) {
  const manifest = require.resolve(`${name}/package.json`, { paths: [root] });
  const { bin } = JSON.parse(fs.readFileSync(manifest, 'utf8'));
  return path.join(path.dirname(manifest), typeof bin === 'string' ? bin : bin[name]);
}

function run(script, args) {
  const file = path.isAbsolute(script) ? script : require.resolve(script, { paths: [root] });
  const env = { ...process.env, NO_COLOR: '1' }; // where CI is set, Prettier colours what nobody looks at
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, env };
  const done = spawnSync(process.execPath, [file, ...args], options);
  if (done.error) throw done.error;
  const failed = done.status !== 0 && done.stdout.trim() === '';
  return failed ? done.stderr : done.stdout + (args.includes('--check') ? done.stderr : '');
}

function readOr(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
}

function firstLine(text, otherwise) {
  return text.split('\n').find((line) => line.trim() !== '') ?? otherwise;
}

/** At most `linesMax` problems, and the number of the others. */
function summary(problems, linesMax = 10) {
  const more = problems.length - linesMax;
  return [...problems.slice(0, linesMax), ...(more > 0 ? [`... and ${more} more`] : [])].join('\n');
}

module.exports = {
  root,
  binOf,
  editedKatas,
  filesEnding,
  formatProblems,
  problemsOfFiles,
  quickLintProblems,
  summary,
  treeProblems,
  typeProblems,
};
