#!/usr/bin/env node
// SPDX-License-Identifier: GPL-2.0-only
'use strict';
/**
 * The door of `npx kata`: checks that the tools can run, compiles them when their sources changed, and hands over.
 * Exit code 3 means our own fault or a broken installation, never a wrong driver.
 */
const path = require('path');

const root = path.resolve(__dirname, '..');

function refusal() {
  const version = process.versions.node.split('.').map(Number);
  if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
    return 'Node 20.19 or newer is needed (this is ' + process.versions.node + ').';
  }
  try {
    require.resolve('typescript/bin/tsc', { paths: [root] });
    require.resolve('commander', { paths: [root] });
  } catch {
    return 'the dependencies are not installed: run npm ci in ' + root + ' first.';
  }
  return '';
}

function prepareTools() {
  const house = require('../tools/house/build.js');
  if (house.isFresh()) return '';
  process.stderr.write('building the tools (first run or sources changed) ...\n');
  const problem = house.build();
  return problem === '' ? '' : 'the tools do not build: ' + problem;
}

function stop(problem) {
  process.stderr.write('kata: ' + problem + '\n');
  process.exitCode = 3;
}

function run() {
  const problem = refusal() || prepareTools();
  if (problem !== '') return stop(problem);
  const { main } = require('../dist/tools/kata/main.js');
  return main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
}

// `npx kata list | head` closes our output early, which is no error.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

Promise.resolve()
  .then(run)
  .catch((error) => {
    stop(
      'internal error: ' + (error instanceof Error ? error.message.split('\n')[0] : String(error)),
    );
    if (process.env.KATA_DEBUG) process.stderr.write(String(error && error.stack) + '\n');
  });
