// SPDX-License-Identifier: GPL-2.0-only
'use strict';
/**
 * The pre-commit hook: checks only the files of the commit, in a second or two. `npm run check` and `npm test` run the rules that
 * need types, and the tests. A learner's driver may be in any state.
 */
const checks = require('./checks.js');
const { onlyDrivers, stagedFiles } = require('./staged-files.js');

const files = stagedFiles().filter((file) => !onlyDrivers([file]));
const problems = files.length === 0 ? [] : checks.problemsOfFiles(files);
if (problems.length > 0) {
  process.stderr.write(
    `${checks.summary(problems, 20)}\nNot committed. npm run format formats; git commit --no-verify commits anyway.\n`,
  );
  process.exitCode = 1;
}
