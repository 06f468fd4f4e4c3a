// SPDX-License-Identifier: GPL-2.0-only
/** The form of a graded kata-report/v1: the fields that are read here. Its published schema says more, but takes a library to check. */
import {
  isCount,
  isNumber,
  isText,
  isYesOrNo,
  listOf,
  oneOf,
  optional,
  orNull,
  withFields,
} from '../form';

const isFailure = withFields({
  ...{ kind: isText, headline: isText, report: isText, schedule: isText, replay: isText },
  contextSwitches: isCount,
});

const isTest = withFields({
  ...{ id: isText, name: isText, task: isCount, kind: isText, hidden: isYesOrNo },
  status: oneOf('pass', 'fail', 'error', 'bound', 'timeout', 'skipped'),
  visibility: optional(oneOf('visible', 'hidden', 'after_due_date', 'after_published')),
  message: orNull(isText),
  exploration: withFields({
    ...{ strategy: isText, executions: isCount, complete: isYesOrNo, failing: isCount },
  }),
  failure: optional(isFailure),
});

/** Is it a whole report of a graded submission? */
export const isGradedReport = withFields({
  schema: oneOf('kata-report/v1'),
  tier: oneOf('grading'),
  ...{ tool: isText, kata: isText, driver: isText },
  status: oneOf('pass', 'fail', 'error', 'bound', 'timeout', 'rejected'),
  message: orNull(isText),
  ...{ score: isNumber, maxScore: isNumber, durationMs: isNumber },
  tasks: listOf(withFields({ id: isCount, title: isText, points: isNumber, earned: isNumber })),
  tests: listOf(isTest),
  types: withFields({
    status: oneOf('pass', 'fail', 'timeout', 'error', 'skipped'),
    problems: listOf(isText),
  }),
  grading: withFields({
    submission: orNull(withFields({ sha256: isText, bytes: isCount })),
    ...{ version: isText, layers: listOf(isText), untrusted: orNull(isText) },
  }),
});
