// SPDX-License-Identifier: GPL-2.0-only
/** Runs attacks against a grader, and says what is wrong with the results. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CANARY_KATA, GOOD, RACY } from '../canaries';
import { gradePool } from '../pool';
import type { GradedReport, Grader, Limits, Submission } from '../types';
import { type Attack, putInPlace } from './corpus';

/** What the grader has in its environment, and no report may contain. */
const SECRET = 'swordfish-4711';

/** Short, so that what hangs does not hang for long. The clock is not: on a machine that is busy it must not come before the processor time. */
export const LIMITS: Limits = {
  cpuMs: 4000,
  explainMs: 2000,
  wallMs: 300_000,
  typesMs: 20_000,
  executionsMax: 500,
  heapMb: 256,
};

/** What an attack came to. */
export interface Outcome {
  readonly attack: Attack;
  readonly report: GradedReport;
  /** Sentences; none if all is as it must be. */
  readonly problems: readonly string[];
}

export interface Assault {
  readonly outcomes: readonly Outcome[];
  /** What the attacks have done to the others. */
  readonly problems: readonly string[];
}

/** Submissions that are right or racy, among the attacks: one of each after so many. */
const CONTROL_EVERY = 25;

/** Runs all of these attacks as one batch. */
export async function assault(
  grader: Grader,
  attacks: readonly Attack[],
  told: (outcome: Outcome) => void = () => undefined,
): Promise<Assault> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-attacks-'));
  process.env['KATA_SECRET'] = SECRET;
  try {
    const batch = prepare(attacks, folder);
    const outcomes: Outcome[] = [];
    const controls = new Map<string, Set<string>>([
      ['good', new Set()],
      ['racy', new Set()],
    ]);
    const end = await gradePool(grader, batch.submissions, {
      graded(submission, report) {
        const attack = batch.attacks.get(submission.id);
        if (attack === undefined) {
          controls.get(submission.id.replace(/-.*/, ''))?.add(withoutTime(report));
          return;
        }
        const outcome = { attack, report, problems: problemsWith(attack, report, folder) };
        outcomes.push(outcome);
        told(outcome);
      },
    });
    const problems = [...controls]
      .filter(([, reports]) => reports.size > 1)
      .map(
        ([name]) => `the ${name} control got ${controls.get(name)?.size ?? 0} different reports`,
      );
    if (end.untrusted !== null) problems.push(end.untrusted);
    return { outcomes, problems };
  } finally {
    delete process.env['KATA_SECRET'];
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

interface Batch {
  readonly submissions: readonly Submission[];
  readonly attacks: ReadonlyMap<string, Attack>;
}

function prepare(attacks: readonly Attack[], folder: string): Batch {
  const submissions: Submission[] = [];
  const known = new Map<string, Attack>();
  const add = (id: string, kata: string, file: string): void => {
    submissions.push({ id, kata, file });
  };
  for (const [i, attack] of attacks.entries()) {
    const file = path.join(folder, `${attack.id.replace('/', '-')}.${attack.kind}`);
    putInPlace(attack, file, markOf(attack, folder));
    known.set(attack.id, attack);
    add(attack.id, attack.kata, file);
    if (i % CONTROL_EVERY !== 0) continue;
    for (const [name, text] of Object.entries({ good: GOOD, racy: RACY })) {
      const control = path.join(folder, `${name}-${i}.ts`);
      fs.writeFileSync(control, text);
      add(`${name}-${i}`, CANARY_KATA, control);
    }
  }
  return { submissions, attacks: known };
}

/** The file an attack must not write. */
function markOf({ id }: Attack, folder: string): string {
  return path.join(folder, `${id.replace('/', '-')}.mark`);
}

function withoutTime(report: GradedReport): string {
  return JSON.stringify({ ...report, durationMs: 0 });
}

function problemsWith(attack: Attack, report: GradedReport, folder: string): string[] {
  const { status, words, types } = attack.expected;
  const problems: string[] = [];
  const say = (condition: boolean, sentence: string): void => {
    if (condition) problems.push(sentence);
  };
  const message = report.message ?? '';
  const text = JSON.stringify(report);
  say(report.score !== 0, `scored ${report.score}`);
  say(report.status === 'pass', 'passed');
  say(
    report.tasks.some(({ earned }) => earned !== 0),
    'earned points',
  );
  say(status !== 'any' && report.status !== status, `is '${report.status}' and not '${status}'`);
  say(!words.every((word) => message.includes(word)), `lacks one of '${words.join(' ')}'`);
  say(
    types !== null && types !== 'any' && report.types.status !== types,
    'types: ' + report.types.status,
  );
  say(fs.existsSync(markOf(attack, folder)), 'wrote a file');
  say(text.includes(SECRET), 'read the environment');
  say(MADE_UP.test(text), 'shows a place that was made up');
  say(ODD.test(message) || ODD.test(text), 'has characters in its report that move a cursor');
  say(report.durationMs > TIME_MAX, `took ${report.durationMs} ms`);
  return problems;
}

/** A line of a report that begins as a frame does, with what attacks call a place of their own. */
const MADE_UP = /(?:\\n|(?<!\\)")\s*(?:at )?(?:\w+ )?\(?made-up/;

/** As JSON spells them. */
const ODD = /\\u00[01][0-9a-f]|\\u202e|\\u2066|[\u202e\u2066\u007f]|\\r/;

/** Everything that is limited, and a busy machine. */
const TIME_MAX = LIMITS.wallMs + LIMITS.typesMs + 20_000;
