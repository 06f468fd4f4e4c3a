// SPDX-License-Identifier: GPL-2.0-only
'use strict';
/** What a commit touches, and whether that is the project's or a learner's. */
const { spawnSync } = require('node:child_process');

/** The staged files that are still there after the commit. */
function stagedFiles() {
  return namesFrom(['diff', '--cached', '--name-only', '-z', '--diff-filter=d']);
}

/** All files the commit touches; for an amended message, those of the commit itself. */
function touchedFiles() {
  const staged = namesFrom(['diff', '--cached', '--name-only', '-z']);
  return staged.length > 0 ? staged : namesFrom(['show', '--format=', '--name-only', '-z', 'HEAD']);
}

/** The commit joins branches. */
function isMerge() {
  const args = ['rev-parse', '--quiet', '--verify', 'MERGE_HEAD'];
  return spawnSync('git', args, { encoding: 'utf8' }).status === 0;
}

/** Only files that learners edit: the drivers of katas. */
function onlyDrivers(files) {
  return files.length > 0 && files.every((file) => DRIVER.test(file));
}

/** Beside the driver a kata holds no TypeScript but its scenarios and its test. */
const DRIVER = /^katas\/\d[^/]*\/(?!scenarios\.ts$)[^/]+(?<!\.test)\.ts$/;

function namesFrom(args) {
  const { stdout, status } = spawnSync('git', args, { encoding: 'utf8' });
  return status === 0 ? stdout.split('\0').filter((name) => name !== '') : [];
}

module.exports = { isMerge, onlyDrivers, stagedFiles, touchedFiles };
