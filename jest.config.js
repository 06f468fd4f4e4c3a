// SPDX-License-Identifier: GPL-2.0-only
'use strict';
/**
 * Five projects: lib, tools, web, solutions, and the learner's katas. The katas fail as shipped, so they run only if the command line
 * asks for them: `npx jest katas/01-rbd-put-client`, `npx jest --selectProjects katas`.
 */
const os = require('node:os');

/** True for `katas/...`, `./katas/...`, an absolute path into katas/, and the project's name. */
function namesKatas(argument) {
  const here = argument.split(__dirname).join('');
  return /(^|[\\/=])katas([\\/]|$)/.test(here);
}

function project(name) {
  return {
    displayName: name,
    rootDir: __dirname,
    testEnvironment: 'node',
    testMatch: [`<rootDir>/${name}/**/*.test.ts`],
    testPathIgnorePatterns: ['/node_modules/', '/fixtures/'],
    modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/site/', '<rootDir>/\\.kata/'],
    moduleFileExtensions: ['ts', 'tsx', 'js', 'json', 'node'],
    moduleNameMapper: {
      '^#lib$': '<rootDir>/lib/index.ts',
      '^#lib/(.*)$': '<rootDir>/lib/$1',
    },
    // Transpiles only; the types are checked by `npm run typecheck` and by tools/house.
    transform: {
      '^.+\\.tsx?$': [
        'ts-jest',
        {
          transpilation: true,
          tsconfig: '<rootDir>/tsconfig.json',
          diagnostics: { pretty: process.stdout.isTTY === true },
        },
      ],
    },
  };
}

/** The command line decides: no katas, the katas too, or (`npx jest katas/01-...`) only them. */
function projectNames(argv) {
  const others = ['lib', 'tools', 'web', 'solutions'];
  if (argv.includes('--ignoreProjects') || !argv.some(namesKatas)) return others;
  const patterns = argv.filter((argument) => !argument.startsWith('-'));
  return patterns.every(namesKatas) ? ['katas'] : [...others, 'katas'];
}

const names = projectNames(process.argv.slice(2));

/** @type {import('jest').Config} */
module.exports = {
  projects: names.map(project),
  // Only a learner's run has one of ours.
  ...(names.includes('katas')
    ? { reporters: ['default', '<rootDir>/tools/house/race-pages.js'] }
    : {}),
  // By default Jest would leave one of two cores idle.
  maxWorkers: Math.min(4, os.availableParallelism()),
  testSequencer: '<rootDir>/tools/house/sequence.js',
  // A limit for a hanging test, not a measurement.
  testTimeout: 180_000,
};
