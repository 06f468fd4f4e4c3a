// SPDX-License-Identifier: GPL-2.0-only
/** A class in numbers, as text and as a page; nothing of a submission is markup there. */
import type { KataReportV1 } from '../../../lib/kata/verdict';
import type { Execution } from '../../../lib/report';
import type { Grade } from '../gradebook/gradebooks';
import { repositoryRoot } from '../../kata/katas';
import { build } from '../testing/built';
import { told } from '../testing/executions';
import { HOSTILE, REPORTS } from '../testing/reports';
import { classPage } from './html';
import { playersFor } from './players';
import { safeText } from './safe-text';
import { tally } from './tally';
import { summaryText } from './text';

const grade = (id: string, name: string): Grade => {
  const report = REPORTS[name];
  if (report === undefined) throw new Error(name);
  return { student: { id, email: '', lastName: '', firstName: '' }, report };
};

const GRADES = [
  ...[
    grade('ada', 'holds'),
    grade('bob', 'fails'),
    grade('carl', 'fails'),
    grade('dan', 'hostile'),
  ],
  ...[grade('<b>eve</b>', 'rejected'), grade('fay', 'error'), grade('gus', 'type errors')],
  grade('hal', 'fails hidden'),
];
const FACTS = { tool: 'kernel-race-katas 0.0.0', untrusted: null, layers: ['ses', 'permission'] };

it('counts outcomes and solved tasks', () => {
  expect(summaryText(tally(GRADES))).toBe(
    [
      'kata          submissions  pass  fail  rejected  error  mean points',
      '90-two-tasks  8            1     5     1         1      48.6 of 100',
      '',
      '90-two-tasks task 1  #####################.........  5 of 7 submissions  The count is right',
      '90-two-tasks task 2  ####..........................  1 of 7 submissions  Readers do not wait',
      '',
    ].join('\n'),
  );
});

it('keeps each distinct failure once, with everybody it happened to', () => {
  const { failures, rows } = tally(GRADES);
  const kcsan = failures.filter(({ headline }) => headline.includes('KCSAN'));
  expect(kcsan).toMatchObject([{ task: 2, where: 'reads overlap', students: ['bob', 'carl'] }]);
  expect(kcsan[0]?.text).toContain('the columns');
  expect(rows[1]?.failures).toEqual(kcsan.map(({ key }) => key));
  // By task, and within a task by how many it happened to.
  expect(failures.map(({ task, students }) => [task, students.length])).toEqual([
    ...[
      [0, 1],
      [0, 1],
      [0, 1],
      [2, 2],
      [2, 1],
      [2, 1],
    ],
  ]);
});

describe('the page', () => {
  const page = classPage(tally(GRADES), FACTS);

  it('has no script, fetches nothing, and takes nothing of a submission for markup', () => {
    expect(page).not.toMatch(/<script|<b>eve|javascript:|\son\w+=|\ssrc=|url\(|@import/);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('&lt;b&gt;eve&lt;/b&gt;');
    expect(page).toContain("default-src 'none'");
    expect(HOSTILE).toContain('<script>');
  });

  it('has landmarks, and every part has its heading', () => {
    for (const name of ['header', 'main', 'section']) expect(page).toContain(`<${name}`);
    const labels = [...page.matchAll(/aria-labelledby="([^"]+)"/g)].map(([, id = '']) => id);
    expect(labels).toEqual(['katas', 'tasks', 'what-goes-wrong', 'students']);
    for (const id of labels) expect(page).toContain(`<h2 id="${id}">`);
    expect(page.match(/<table/g)?.length).toBe(
      page.match(/<div class="wide" tabindex="0">/g)?.length,
    );
  });

  it('puts findings together that hit the same students', () => {
    expect(page).toMatch(
      /<h4>1 finding in 2 submissions<\/h4>\n<ul class="who"><li>bob<\/li><li>carl<\/li><\/ul>\n<details class="finding">/,
    );
  });

  it('closes what it opens', () => {
    const open: string[] = [];
    for (const [, slash, name = ''] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
      if (['meta', 'br'].includes(name)) continue;
      if (slash === '') open.push(name);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });

  it('links every failure of a student to its report', () => {
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, anchor]) => anchor);
    const anchors = new Set([...page.matchAll(/id="([^"]+)"/g)].map(([, anchor]) => anchor));
    expect(links.length).toBeGreaterThan(6);
    expect(links.filter((anchor) => !anchors.has(anchor ?? ''))).toEqual([]);
  });

  it('lists what was not recognised, where there is something', () => {
    const passedOver = ['<b>ivy</b>: nothing to grade'];
    expect(page).not.toContain('Passed over');
    expect(classPage(tally(GRADES), { ...FACTS, passedOver })).toContain(
      '<h2 id="passed-over">Passed over</h2>\n<ul>\n<li>&lt;b&gt;ivy&lt;/b&gt;: nothing to grade</li>',
    );
  });

  it('says it first when nobody should rely on it', () => {
    expect(page).not.toContain('Do not rely');
    expect(classPage(tally(GRADES), { ...FACTS, untrusted: 'the racy canary passed' })).toContain(
      'Do not rely on these results: the racy canary passed.',
    );
  });
});

describe('a page with executions', () => {
  const counted = tally(GRADES);
  const [kcsan] = counted.failures.filter(({ students }) => students.length === 2);
  const hostile = { ...told(), title: '</script><script>alert(1)</script><!--' };
  const all = { get: () => ({ sha256: '', execution: hostile }) };
  beforeAll(() => build(repositoryRoot()));

  it('shows first what hit most students, and what there is room for', () => {
    const key = kcsan?.key ?? '';
    const asked: string[] = [];
    const none = { get: (one: string) => (asked.push(one), null) };
    expect(playersFor(counted.failures, none, () => []).size).toBe(0);
    expect(asked[0]).toBe(key);
    const long = { ...hostile, sources: [{ file: 'a.ts', lines: ['x'.repeat(3 << 20)] }] };
    expect([
      ...playersFor(
        counted.failures,
        { get: () => ({ sha256: '', execution: long }) },
        () => [],
      ).keys(),
    ]).toEqual([key]);
  });

  it('shows none of a submission that is not in the batch', () => {
    const old = { get: () => ({ sha256: 'old', execution: hostile }) };
    expect(playersFor(counted.failures, old, () => []).size).toBe(0);
  });

  it('gives each the report of the finding, and the sources of the scenarios', () => {
    const players = playersFor(counted.failures, all, () => [__filename]);
    const data = players.get(kcsan?.key ?? '')?.replace(/<\/?script[^>]*>/g, '');
    const shown = JSON.parse(data ?? '') as Execution;
    expect(shown.finding?.report).toBe(kcsan?.text);
    expect(shown.sources.map(({ file }) => file)).toEqual(['summary.test.ts']);
  });

  it('runs the player and nothing else, whatever an execution says', () => {
    const page = classPage(
      counted,
      FACTS,
      playersFor(counted.failures, all, () => []),
    );
    const data = page.match(/<script type="application\/json">(?<json>.*)<\/script>/)?.groups;
    expect(JSON.parse(data?.['json'] ?? '')).toMatchObject({ title: hostile.title });
    expect(page.match(/<script>/g)).toHaveLength(1);
    expect(page.match(/<script/g)).toHaveLength(1 + counted.failures.length);
    expect(page).toMatch(
      /content="default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-/,
    );
    expect(page.match(/<pre class="without-player"/g)).toHaveLength(counted.failures.length);
  });

  it('says what else shows an execution that it does not hold', () => {
    const page = classPage(counted, FACTS);
    expect(page).toContain(
      '<code>npx kata trace 90 &#39;A1 B1&#39; --scenario read --driver FILE --format html -o race.html</code> writes a page of its own, where FILE is the driver of bob.',
    );
    // Not for a scenario that the command does not know.
    const [first, second] = [REPORTS['fails'], REPORTS['fails hidden']].map((report) =>
      classPage(
        tally([
          { student: GRADES[0]?.student as Grade['student'], report: report as KataReportV1 },
        ]),
        FACTS,
      ),
    );
    expect([first?.includes('kata trace'), second?.includes('kata trace')]).toEqual([true, false]);
    expect(second).toContain('Not shown step by step');
  });
});

it('escapes all that means something in HTML', () => {
  expect(safeText(`<a href="x">'&'</a>\u0000`)).toBe(
    '&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;\ufffd',
  );
});
