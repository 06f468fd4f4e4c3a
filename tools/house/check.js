// SPDX-License-Identifier: GPL-2.0-only
'use strict';
/** `npm run check`: the fast part of the tests, run before every commit. */
const { spawnSync } = require('node:child_process');
const checks = require('./checks.js');

const parts = [
  ['tsc', checks.typeProblems],
  ['eslint', checks.lintProblems],
  ['prettier', checks.formatProblems],
];

for (const [name, problemsOf] of parts) {
  const problems = problemsOf();
  process.stdout.write(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name}\n`);
  if (problems.length === 0) continue;
  process.stdout.write(`${checks.summary(problems, 40)}\n`);
  process.exitCode = 1;
}

const args = [
  checks.binOf('jest'),
  '--selectProjects',
  'lib',
  '--passWithNoTests',
  '--silent',
  '--reporters=summary',
];
const done = spawnSync(process.execPath, args, { cwd: checks.root, encoding: 'utf8' });
process.stdout.write(`${done.status === 0 ? 'ok  ' : 'FAIL'} lib tests\n`);
if (done.status !== 0) {
  process.stdout.write(`${done.stdout}${done.stderr}`);
  process.exitCode = 1;
}
