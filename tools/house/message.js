// SPDX-License-Identifier: GPL-2.0-only
'use strict';
/**
 * The commit-msg hook: history is documentation. It demands `room: verb object` in at most 60 characters, and a body that says
 * why. A commit of only drivers may have any message: somebody is solving katas in a clone.
 */
const fs = require('node:fs');
const { isMerge, onlyDrivers, touchedFiles } = require('./staged-files.js');

const SUBJECT_MAX = 60;
const SUBJECT = /^[a-z0-9_./-]+(, [a-z0-9_./-]+)*: \S/;
/** Messages that git writes, and those of commits that will be folded into others. */
const NOT_OURS = /^(Merge |Revert "|(fixup|squash|amend)! )/;
const TRAILER = /^[A-Z][A-Za-z-]+: \S/;

/** The problems of a message, one line each. */
function problemsIn(text) {
  const lines = withoutComments(text).split('\n');
  const [subject = '', blank = '', ...body] = lines;
  if (NOT_OURS.test(subject)) return [];
  const problems = [];
  if (subject.length > SUBJECT_MAX)
    problems.push(`the subject has ${subject.length} characters, and may have ${SUBJECT_MAX}`);
  if (!SUBJECT.test(subject))
    problems.push(
      "the subject names no room; write 'room: verb object', as in 'kcsan: report plain reads'",
    );
  if (blank !== '') problems.push('the second line is not empty');
  if (body.every((line) => line.trim() === '' || TRAILER.test(line)))
    problems.push('there is no body; say why in a line or two');
  return problems;
}

/** The message as git will store it. */
function withoutComments(text) {
  const [kept] = text.split(/^# -+ >8 -+$/m);
  return kept
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .trim();
}

module.exports = { problemsIn };

if (require.main === module) {
  const problems =
    isMerge() || onlyDrivers(touchedFiles())
      ? []
      : problemsIn(fs.readFileSync(process.argv[2], 'utf8'));
  for (const problem of problems) process.stderr.write(`commit message: ${problem}\n`);
  if (problems.length > 0) {
    process.stderr.write(
      'Your message is in .git/COMMIT_EDITMSG: git commit -e -F .git/COMMIT_EDITMSG\n',
    );
    process.exitCode = 1;
  }
}
