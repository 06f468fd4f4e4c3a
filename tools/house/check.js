// SPDX-License-Identifier: GPL-2.0-only
'use strict';
/**
 * `npm run check`: the fast part of the tests, with its parts side by side. They skip what has not changed. `npm test` runs the
 * rules that need types, and the long searches of lib/explore.
 */
const { spawn } = require('node:child_process');
const checks = require('./checks.js');

const PARTS = {
  tsc: () => checks.typeProblems(),
  eslint: () => checks.quickLintProblems(),
  prettier: () => checks.formatProblems(),
};

const JEST = [
  checks.binOf('jest'),
  ...['--selectProjects', 'lib', '--silent', '--reporters=summary', '--maxWorkers=2'],
  ...['--testPathIgnorePatterns', '/fixtures/', '/explore/(oracle|reductions|paper)\\.test'],
];

/** Runs a part in its own process; prints its line when it has finished. */
function part(name, args) {
  const child = spawn(process.execPath, args, {
    cwd: checks.root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  child.on('close', (code) => {
    process.stdout.write(`${code === 0 ? 'ok  ' : 'FAIL'} ${name}\n${code === 0 ? '' : output}`);
    if (code !== 0) process.exitCode = 1;
  });
}

const [wanted] = process.argv.slice(2);
if (wanted === undefined) {
  for (const name of Object.keys(PARTS)) part(name, [__filename, name]);
  part('lib tests', JEST);
} else {
  const problems = PARTS[wanted]();
  if (problems.length > 0) {
    process.stdout.write(`${checks.summary(problems, 40)}\n`);
    process.exitCode = 1;
  }
}
