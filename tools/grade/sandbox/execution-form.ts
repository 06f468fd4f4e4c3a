// SPDX-License-Identifier: GPL-2.0-only
/**
 * Executions at the parent's door. They come from a process that has run a stranger's code, or from a file. What is let in has the
 * form of the type and nothing else: every number is a step, a line or a value, and every text is one line that can be shown anywhere.
 */
import type { Execution } from '../../../lib/report';
import {
  type Form,
  isNumber,
  isText,
  isUpTo,
  isYesOrNo,
  listOf,
  onlyFields,
  oneOf,
  orNull,
} from '../form';
import { plainLine } from '../odd';

/** The execution of an unknown value, with its texts made plain; null if it has not the form of one. */
export function executionIn(value: unknown): Execution | null {
  const steps = (value as { steps?: unknown } | null)?.steps; // anything may be asked for
  if (!Array.isArray(steps) || !formOf(steps.length)(value)) return null;
  return plainTexts(value) as Execution; // its form is that of the type
}

const LINES_MAX = 1_000_000;
const CPUS_MAX = 1000;

const isLine = isUpTo(LINES_MAX);
const isPlace = onlyFields({ file: isText, line: isLine, within: isText });
const isAccess = onlyFields({
  ...{ what: isText, write: isYesOrNo, value: orNull(isText), at: orNull(isPlace) },
});

/** The form of an execution of so many steps. Positions go one further: to the final check. */
function formOf(steps: number): Form {
  const isStep = isUpTo(steps + 1);
  const isTask = onlyFields({
    ...{ letter: isText, cpu: isUpTo(CPUS_MAX), comm: isText, born: isStep, from: isText },
    context: oneOf('process', 'workqueue', 'softirq', 'hardirq'),
  });
  const isRow = onlyFields({
    ...{ letter: isText, step: isStep, last: isStep, depth: isUpTo(CPUS_MAX), text: isText },
    kind: oneOf('entry', 'operation', 'print'),
    ...{ object: isText, guilty: isYesOrNo, note: isText },
    at: orNull(onlyFields({ file: isText, line: isLine })),
  });
  const isTaken = onlyFields({
    ...{ letter: isText, text: isText, object: isText, stack: listOf(isPlace) },
    ...{ outcome: isUpTo(LINES_MAX), result: orNull(isText), accesses: listOf(isAccess) },
    ...{ prints: listOf(isText), reordered: orNull(isText), guilty: isYesOrNo },
  });
  const isStanding = onlyFields({
    ...{ letter: isText, state: oneOf('ready', 'waits', 'ended', 'killed'), next: isText },
    ...{ stack: listOf(isPlace), holds: listOf(isText), waitsFor: listOf(isText) },
  });
  const isBand = onlyFields({
    kind: oneOf('lock', 'wait', 'section', 'grace', 'deferred'),
    ...{ name: isText, letter: isText, from: isStep, to: orNull(isStep), began: orNull(isStep) },
  });
  const isLife = onlyFields({
    ...{ object: isText, letter: isText, from: isStep, freed: orNull(isStep) },
    ...{ freedBy: orNull(isText), uses: listOf(isStep) },
  });
  const isChange = onlyFields({ at: isStep, value: orNull(isNumber), text: isText });
  const kind = oneOf('synchronises', 'wakes');
  return onlyFields({
    schema: oneOf('kata-execution/v1'),
    ...{ title: isText, schedule: isText, tasks: listOf(isTask), rows: listOf(isRow) },
    ...{ steps: listOf(isTaken), standings: listOf(listOf(isStanding), steps + 1) },
    ...{ bands: listOf(isBand), lives: listOf(isLife) },
    counts: listOf(onlyFields({ object: isText, changes: listOf(isChange) })),
    edges: listOf(onlyFields({ from: isStep, to: isStep, kind, name: isText })),
    finding: orNull(
      onlyFields({
        ...{ kind: isText, headline: isText, at: isStep, guilty: listOf(isStep), report: isText },
      }),
    ),
    sources: listOf(onlyFields({ file: isText, lines: listOf(isText) })),
  });
}

/** Longest text that is shown. */
const TEXT_MAX = 1000;

function plainTexts(value: unknown): unknown {
  if (typeof value === 'string') return plainLine(value.slice(0, TEXT_MAX), '?');
  if (Array.isArray(value)) return value.map(plainTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plainTexts(one)]));
}
