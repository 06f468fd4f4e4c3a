// SPDX-License-Identifier: GPL-2.0-only
/** What platforms export, as it is downloaded: the same class comes out of every shape. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Assigned, type Collected, inOrder, type Wanted } from '../collect/handed-in';
import { readRoster } from '../collect/roster';
import { layOut, packed, type Pupil, rosterOf, SHAPES } from '../testing/exports';
import { zipOf } from '../testing/zips';
import { fromExport } from './collect';

const WANTED: Wanted = { katas: [{ id: '01-rbd-put-client', driver: 'rbd.ts' }], flat: true };
let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-exports-'));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

const CLASS = Array.from({ length: 60 }, (_, i): Pupil => {
  const id = `s${String(i).padStart(2, '0')}`;
  const files = i === 7 ? { 'notes.txt': 'sorry' } : { 'rbd.ts': `// ${i}` };
  return { id, first: `Ada${i}`, last: `Byron${i}`, files, late: i % 10 === 3 };
});

async function collect(
  given: string,
  attempt: 'last' | 'first' | 'best' = 'last',
): Promise<Collected> {
  const found = await fromExport(path.join(folder, given), WANTED, attempt);
  if (typeof found === 'string') throw new Error(found);
  return found;
}

function textOf({ source }: Assigned): string {
  if ('problem' in source) return `! ${source.problem}`;
  return 'bytes' in source ? source.bytes.toString('utf8') : fs.readFileSync(source.file, 'utf8');
}

/** Who handed in what, by the roster. */
function told({ handedIn, absent }: Collected): string[] {
  const { find } = readRoster(path.join(folder, 'roster.csv'));
  const named = <T extends Pick<Assigned, 'student'>>(one: T): T => ({
    ...one,
    student: find(one.student) ?? one.student,
  });
  const all = inOrder(handedIn.map(named), ['01-rbd-put-client']);
  return [
    ...all.map((one) => `${one.student.id} ${one.student.email} ${textOf(one)}`),
    ...absent.map(named).map(({ student, why }) => `${student.id}: ${why}`),
  ];
}

describe.each(Object.entries(SHAPES))('%s', (_name, shape) => {
  const expected = [
    ...CLASS.filter((_, i) => i !== 7).map(
      ({ id, files }) => `${id} ${id}@x.org ${files['rbd.ts'] ?? ''}`,
    ),
    's07: nothing to grade; there was notes.txt',
  ];
  beforeEach(() => {
    fs.writeFileSync(path.join(folder, 'roster.csv'), rosterOf(CLASS));
  });

  it('gives the same class, unpacked', async () => {
    layOut(path.join(folder, 'class'), shape(CLASS));
    const top = fs.readdirSync(path.join(folder, 'class'));
    const [only] = top;
    const given = top.length === 1 && only !== undefined ? `class/${only}` : 'class';
    expect(told(await collect(given)).map(withoutClone)).toEqual(expected);
  });

  it('gives the same class, as it was downloaded', async () => {
    fs.writeFileSync(path.join(folder, 'class.zip'), await packed(shape(CLASS)));
    expect(told(await collect('class.zip')).map(withoutClone)).toEqual(expected);
  });
});

/** A clone has a package.json beside. */
function withoutClone(line: string): string {
  return line.replace(', package.json', '');
}

it('knows who was late, and the attempt, where the platform says so', async () => {
  layOut(path.join(folder, 'canvas'), {
    'lovelaceada_LATE_123_456_rbd-1.ts': 'second',
    'byronbob_124_457_rbd.ts': 'first',
  });
  const { handedIn, remarks } = await collect('canvas');
  expect(handedIn.map(({ student, delivery }) => [student.canvasId, delivery])).toEqual([
    ['124', { late: false, attempt: 1, at: '' }],
    ['123', { late: true, attempt: 2, at: '' }],
  ]);
  expect(remarks).toContain('lovelaceada (123): took rbd-1.ts for the driver of 01-rbd-put-client');
});

const metadata = (all: readonly (readonly [string, string, readonly string[]])[]): string =>
  all
    .map(
      ([name, at, people]) =>
        `${name}:\n  :submitters:\n${people
          .map((id) => `  - :name: P ${id}\n    :sid: ${id}\n    :email: ${id}@x.org\n`)
          .join('')}  :created_at: ${at} 10:00:00.000000000 Z\n`,
    )
    .join('');

it('gives everybody of a group what the group handed in, and takes the attempt that counts', async () => {
  layOut(path.join(folder, 'export'), {
    'submission_1/rbd.ts': 'early',
    'submission_2/rbd.ts': 'late',
    'submission_metadata.yml': metadata([
      ['submission_2', '2026-02-02', ['ada', 'bob']],
      ['submission_1', '2026-02-01', ['ada', 'bob']],
    ]),
  });
  const texts = async (attempt: 'last' | 'first' | 'best'): Promise<string[]> =>
    (await collect('export', attempt)).handedIn.map(
      (one) => `${one.student.email} ${textOf(one as Assigned)} ${one.others?.length ?? 0}`,
    );
  expect(await texts('last')).toEqual(['ada@x.org late 0', 'bob@x.org late 0']);
  expect(await texts('first')).toEqual(['ada@x.org early 0', 'bob@x.org early 0']);
  expect(await texts('best')).toEqual(['ada@x.org late 1', 'bob@x.org late 1']);
});

it.each([
  ['rbd (1).ts'],
  ['rbd-1.ts'],
  ['rbd_2.ts'],
  ['RBD.ts'],
  ['rbd.ts.txt'],
  ['Copy of rbd.ts'],
  ['work/rbd (1).ts'],
  ['01-rbd-put-client/RBD.TS'],
])('takes %s for the driver, and says so', async (name) => {
  layOut(path.join(folder, 'class'), { [`ada/${name}`]: 'x', 'ada/readme.md': '' });
  const { handedIn, remarks } = await collect('class');
  expect(handedIn.map((one) => textOf(one as Assigned))).toEqual(['x']);
  expect(remarks).toEqual([`ada: took ${name} for the driver of 01-rbd-put-client`]);
});

it('does not choose between two that might be it, nor for a kata that is another', async () => {
  layOut(path.join(folder, 'class'), {
    'ada/rbd (1).ts': 'x',
    'ada/rbd (2).ts': 'y',
    'bob/02-rbd-get-client/RBD.ts': 'x',
    'eve/tbd.ts': 'x',
  });
  const { handedIn, absent } = await collect('class');
  expect(handedIn.map(({ student, source }) => [student.id, source])).toEqual([
    ['ada', { problem: 'rbd (1).ts, rbd (2).ts: which of them is rbd.ts?' }],
  ]);
  expect(absent.map(({ student, why }) => `${student.id}: ${why}`)).toEqual([
    'bob: nothing to grade; there was 02-rbd-get-client/RBD.ts',
    'eve: nothing to grade; there was tbd.ts',
  ]);
});

it('asks for the kata where several have a driver of that name, and only there', async () => {
  layOut(path.join(folder, 'class'), { 'ada/rbd.ts': 'x', 'bob/nbd.ts': 'y' });
  const katas = [
    ...WANTED.katas,
    { id: '02-rbd-destroy-unlocked', driver: 'rbd.ts' },
    { id: '14-nbd-del-gendisk', driver: 'nbd.ts' },
  ];
  const found = await fromExport(path.join(folder, 'class'), { katas, flat: false }, 'last');
  if (typeof found === 'string') throw new Error(found);
  expect(found.handedIn.map(({ student, kata }) => [student.id, kata])).toEqual([
    ['bob', '14-nbd-del-gendisk'],
  ]);
  expect(found.absent.map(({ student, why }) => `${student.id}: ${why}`)).toEqual([
    'ada: of which kata? there was rbd.ts, which 01-rbd-put-client and 02-rbd-destroy-unlocked have; say it with --kata',
  ]);
});

it("looks into students' zip files inside of a platform's", async () => {
  const own = await zipOf([{ name: 'work/rbd.ts', contents: 'zipped' }]);
  const name = 'Ada Byron_12_assignsubmission_file_';
  const entries = [{ name: `${name}/work.zip`, contents: own }];
  fs.writeFileSync(path.join(folder, 'class.zip'), await zipOf(entries));
  expect((await collect('class.zip')).handedIn.map((one) => textOf(one as Assigned))).toEqual([
    'zipped',
  ]);
});
