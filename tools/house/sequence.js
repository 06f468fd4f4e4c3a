// SPDX-License-Identifier: GPL-2.0-only
'use strict';
/**
 * The order of the test files. Jest starts those first that took longest the last time. In a fresh clone it knows no times and goes
 * by the size of the files, and the self-check of all katas is some files of a few lines: it would come last and leave cores idle.
 */
const { createRequire } = require('node:module');

// Jest's own copy.
const ofJest = createRequire(require.resolve('jest'));
const { default: Sequencer } = ofJest('@jest/test-sequencer');

/** Files that take long, whatever their size. */
const LONG =
  /[\\/](?:solutions[\\/](?:selfcheck-\d+|series|barriers)|tools[\\/]house[\\/](?:tree|format))\.test\.ts$/;

module.exports = class extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    if (sorted.every(({ duration }) => duration !== undefined)) return sorted;
    const isLong = ({ path }) => LONG.test(path);
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
};
