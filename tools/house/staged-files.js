// SPDX-License-Identifier: GPL-2.0-only
'use strict';
/** The files of a commit, and whether they are the project's or a learner's. */
const { spawnSync } = require('node:child_process');

/** The staged files that exist after the commit. */
function stagedFiles() {
  return namesFrom(['diff', '--cached', '--name-only', '-z', '--diff-filter=d']);
}

/** All files of the commit; for an amended message, those of the commit itself. */
function touchedFiles() {
  const staged = namesFrom(['diff', '--cached', '--name-only', '-z']);
  return staged.length > 0 ? staged : namesFrom(['show', '--format=', '--name-only', '-z', 'HEAD']);
}

/** Whether the commit joins branches. */
function isMerge() {
  const args = ['rev-parse', '--quiet', '--verify', 'MERGE_HEAD'];
  return spawnSync('git', args, { encoding: 'utf8' }).status === 0;
}

/** Whether all files are drivers of katas, which learners edit. */
function onlyDrivers(files) {
  return files.length > 0 && files.every((file) => DRIVER.test(file));
}

/** Besides the driver, a kata has no TypeScript except its scenarios and its test. */
const DRIVER = /^katas\/\d[^/]*\/(?!scenarios\.ts$)[^/]+(?<!\.test)\.ts$/;

function namesFrom(args) {
  const { stdout, status } = spawnSync('git', args, { encoding: 'utf8' });
  return status === 0 ? stdout.split('\0').filter((name) => name !== '') : [];
}

module.exports = { isMerge, onlyDrivers, stagedFiles, touchedFiles };
