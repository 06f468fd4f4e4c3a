// SPDX-License-Identifier: GPL-2.0-only
/**
 * What `kata test` prints of katas as shipped, on terminals from 60 to 160 columns. Each kata is explored once; its report is
 * made again for each width.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { TestVerdict } from '../../lib/kata/verdict';
import { shippedPort } from '../answers/shipped';
import { judgementOf } from './judgement';
import { JudgePool } from './judge-pool';
import { JudgeProcess, WATCH } from './judge-process';
import type { JudgeMessage, JudgeRequest } from './judge-protocol';
import { kataAt, repositoryRoot } from './katas';
import { printJudgement, REPORTS_SHOWN } from './print/judgement';
import { PLAIN } from './print/style';

const WIDTHS = [60, 80, 100, 160];
const root = repositoryRoot();
const watch = { ...WATCH, script: path.join(root, 'dist', 'tools', 'kata', 'judge-child.js') };

beforeAll(() => {
  spawnSync(process.execPath, [path.join(root, 'tools', 'house', 'build.js')], { cwd: root });
});

const QUIET = { see: () => undefined, clear: () => undefined };

/** The output at each width. */
async function screens(id: string): Promise<ReadonlyMap<number, string>> {
  const { manifest, number, driver } = kataAt(root, id);
  const shown = `katas/${id}/${manifest.driver}`;
  const request: JudgeRequest = {
    ...{ root, kata: id, driver, source: shippedPort(root, manifest), shown },
    ...{ driverOption: '', scenario: null, full: false, schedule: null, reports: 0 },
  };
  const pool = new JudgePool({ size: 1, watch, progress: QUIET });
  const { messages } = await pool.judge(request);
  pool.stop();
  const judge = new JudgeProcess(watch);
  const told = new Map<number, string>();
  const frame = { tool: '', manifest, driver: shown, durationMs: 0 };
  const command = `npx kata test ${number}`;
  const [first, ...rest] = failing(messages).slice(0, REPORTS_SHOWN);
  // Of the others the headline is shown, which is the same at every width.
  const others = await explain(judge, request, rest);
  for (const width of WIDTHS) {
    const explained = await explain(
      judge,
      { ...request, width },
      first === undefined ? [] : [first],
    );
    const heard = [...messages, ...explained, ...others];
    const all = { messages: heard, ending: 'done', stuck: null, typeErrors: [] } as const;
    const judgement = judgementOf(frame, all);
    const text = { judgement, title: manifest.title, command, all: false };
    told.set(width, printJudgement(text, { ...PLAIN, width }));
  }
  judge.stop();
  return told;
}

type Verdict = Extract<JudgeMessage, { type: 'verdict' }>;

function failing(messages: readonly JudgeMessage[]): Verdict[] {
  const suite = messages.flatMap((m) =>
    m.type === 'suite' ? m.scenarios.map(({ id }) => id) : [],
  );
  const place = ({ id }: TestVerdict): number => suite.indexOf(id);
  return messages
    .flatMap((m) => (m.type === 'verdict' && m.found ? [m] : []))
    .sort((a, b) => place(a.verdict) - place(b.verdict));
}

async function explain(
  judge: JudgeProcess,
  request: JudgeRequest,
  verdicts: readonly Verdict[],
): Promise<JudgeMessage[]> {
  const heard: JudgeMessage[] = [];
  for (const { verdict, found = null } of verdicts) {
    const explored = { verdict, found };
    await judge.ask({ ...request, scenario: verdict.id, explored }, (message) => {
      if (message.type === 'verdict') heard.push(message);
    });
  }
  return heard;
}

/** What may be longer than a line: it is typed as it stands, or read by a program. */
const WHOLE =
  /^replay it: |^\(\d+ (?:lines|steps) omitted, see |^npx kata replay .* --full$|^katas\/\S+:\d+: |^printed \d+ lines?: /;

/** The words of a text, without the drawing that stands between them; a call may be folded behind its bracket. */
function words(text: string): string[] {
  const shown = text.split('\n').filter((line) => !WHOLE.test(line) && !/^[=\s|-]*$/.test(line));
  return shown.join(' ').split(/[\s|()]+/);
}

/** Names in front of rows, or in the heads of columns, and those a legend explains. */
function labels(text: string): { used: Set<string>; explained: Set<string> } {
  const [, drawing = ''] = text.split(/^interleaving, top first.*$/m);
  const rows = drawing.split(/^replay it: /m)[0] ?? '';
  const explained = [...rows.matchAll(/\b([A-Z][a-z]*) = |\(([A-Z][a-z]*)\)/g)];
  const used = [...rows.matchAll(/^ ([A-Z][a-z]*) {2}|from ([A-Z][a-z]*)'s/gm)];
  const names = (found: RegExpExecArray[]): Set<string> =>
    new Set(found.map(([, a, b]) => a ?? b ?? ''));
  return { used: names(used), explained: names(explained) };
}

/** The kill, the grace period, the count at zero, the get that makes one of it, and the end of the memory. */
const TOLD_13 =
  /percpu_ref_kill\(kioctx#1\.users\)[^]* grace period over\n[^]*percpu_ref_put\(kioctx#1\.users\) 1 -> 0\n[^]*percpu_ref_get\(kioctx#1\.users\) 0 -> 1\n[^]*kfree\(kioctx#1\) <--\n/;

it.each(['00-lost-update', '01-rbd-put-client', '13-aio-lookup-ioctx', '14-nbd-del-gendisk'])(
  'fits, with whole words, whole values and explained labels: %s',
  async (id) => {
    const all = await screens(id);
    const widest = new Set(words(all.get(160) ?? ''));
    for (const [width, text] of all) {
      const long = text.split('\n').filter((line) => line.length > width && !WHOLE.test(line));
      expect([width, long]).toEqual([width, []]);
      // A word that is nowhere in the widest output was broken, or cut.
      const strange = words(text).filter((word) => !widest.has(word) && /\w{3}/.test(word));
      expect([width, strange]).toEqual([width, []]);
      const { used, explained } = labels(text);
      expect([width, [...used].filter((name) => !explained.has(name))]).toEqual([width, []]);
      if (id.startsWith('13')) expect(text).toMatch(TOLD_13);
      // Heading and scenarios are the kata's own words, and change with it.
      const [, , ...report] = text.split('\n\n');
      expect(report.join('\n\n')).toMatchSnapshot(`${id} at ${width} columns`);
    }
  },
  300_000,
);
