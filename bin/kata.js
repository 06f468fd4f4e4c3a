#!/usr/bin/env node
// SPDX-License-Identifier: GPL-2.0-only
'use strict';
/**
 * The door of `npx kata`: checks that the tools can run, compiles them when their sources changed, and hands over.
 * Exit code 3 means our own fault or a broken installation, never a wrong driver.
 */
const path = require('path');

const root = path.resolve(__dirname, '..');

/** What a system says of a file in one word, and we in several. */
const WORDS = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left',
  EDQUOT: 'the disk quota is used up',
  EIO: 'the device fails',
};

function words(error) {
  return WORDS[error.code] || error.code || error.message;
}

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
  const problem = buildWith(house);
  return problem === '' ? '' : 'the tools do not build: ' + problem;
}

/** A user without write access to the checkout cannot build it. */
function buildWith(house) {
  const dist = path.join(root, 'dist');
  try {
    return house.build();
  } catch (error) {
    if (!error.path || !error.path.startsWith(dist)) throw error;
    return dist + ' cannot be written (' + words(error) + '); run npm run build where it can be';
  }
}

function stop(problem) {
  process.stderr.write('kata: ' + problem + '\n');
  process.exitCode = 3;
}

function run() {
  const problem = refusal() || prepareTools();
  if (problem !== '') return stop(problem);
  require('../dist/tools/pack/pack.js').usePack('kata');
  const { main } = require('../dist/tools/kata/main.js');
  return main(process.argv.slice(2)).then((code) => {
    process.exitCode = outputLost ? 3 : code;
  });
}

/** Commands that show something: their exit code is not a verdict, they may take long, and some never end. */
const SHOWS = ['break', 'list', 'progress', 'watch'];

let outputLost = false;

/**
 * The reader of our output may have ended, as in `npx kata list | head`. That is not an error: the rest is dropped, and the exit
 * code is still the verdict. Any other error leaves half an output, which a script must be able to detect. Either way the command
 * continues to the end, so that it cleans up.
 */
function onOutputError(error) {
  const ending = SHOWS.includes(process.argv.slice(2).find((word) => !word.startsWith('-')));
  if (error.code === 'EPIPE') {
    if (ending && this === process.stdout) process.exit();
    return;
  }
  if (outputLost) return;
  outputLost = true;
  stop('the output cannot be written: ' + words(error));
  if (ending) process.exit();
}
process.stdout.on('error', onOutputError);
process.stderr.on('error', onOutputError);

Promise.resolve()
  .then(run)
  .catch((error) => {
    stop(
      'internal error: ' + (error instanceof Error ? error.message.split('\n')[0] : String(error)),
    );
    if (process.env.KATA_DEBUG) process.stderr.write(String(error && error.stack) + '\n');
  });
