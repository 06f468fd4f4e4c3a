// SPDX-License-Identifier: GPL-2.0-only
/** What is found in folders, archives and manifests, and whose problem it is when something there is up to no good. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Refusal } from '../../kata/errors';
import { LINK_MODE, patched, withCount, withField, type ZipEntry, zipOf } from '../testing/zips';
import { driversInArchive } from './archive';
import { fromClassZip, fromFolder } from './folder';
import { type Assigned, type Collected, inOrder, studentNamed, type Wanted } from './handed-in';
import { fromManifest } from './manifest-csv';
import { readRoster, unmatched } from './roster';

const ALL: Wanted = {
  katas: [
    { id: '00-lost-update', driver: 'tally.ts' },
    { id: '01-rbd-put-client', driver: 'rbd.ts' },
  ],
  flat: false,
};
const ONE: Wanted = { katas: ALL.katas.slice(1), flat: true };
const RBD = '01-rbd-put-client/rbd.ts';

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-collect-'));
});
afterEach(() => {
  fs.chmodSync(folder, 0o700);
  fs.rmSync(folder, { recursive: true, force: true });
});

function put(name: string, contents: string | Buffer = 'x'): string {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, contents);
  return file;
}

/** Student, kata, and the file as seen from the folder, the text out of an archive, or the problem. */
function told(collected: Collected, wanted = ALL): string[] {
  const ids = wanted.katas.map(({ id }) => id);
  return inOrder(collected.handedIn, ids).map(({ student, kata, source }: Assigned) => {
    const what =
      'file' in source
        ? path.relative(folder, source.file)
        : 'bytes' in source
          ? `'${source.bytes.toString('utf8')}'`
          : `! ${source.problem}`;
    return `${student.id} ${kata.slice(0, 2)} ${what}`;
  });
}

describe('a folder', () => {
  it('holds a folder for each student, and in it one for each kata', async () => {
    put(`bob/${RBD}`);
    put(`alice/${RBD}`);
    put('alice/00-lost-update/tally.ts');
    put('alice/notes.txt');
    expect(told(await fromFolder(folder, ALL))).toEqual([
      'alice 00 alice/00-lost-update/tally.ts',
      `alice 01 alice/${RBD}`,
      `bob 01 bob/${RBD}`,
    ]);
  });

  it("may hold whole clones, of which solutions/ is nobody's work", async () => {
    put(`alice/katas/${RBD}`);
    put(`alice/solutions/${RBD}`);
    expect(told(await fromFolder(folder, ALL))).toEqual([`alice 01 alice/katas/${RBD}`]);
  });

  it('needs no folder for the kata where only one was asked for', async () => {
    put('alice/rbd.ts');
    put('bob/tally.ts');
    const found = await fromFolder(folder, ONE);
    expect(told(found, ONE)).toEqual(['alice 01 alice/rbd.ts']);
    expect(found.absent.map(({ student, why }) => [student.id, why])).toEqual([
      ['bob', 'nothing to grade'],
    ]);
  });

  it('says what it passes over', async () => {
    put('readme.txt');
    put('.git/config');
    fs.mkdirSync(path.join(folder, 'carol'));
    const { remarks, absent } = await fromFolder(folder, ALL);
    expect(remarks).toEqual(['readme.txt: belongs to nobody']);
    expect(absent.map(({ student }) => student.id)).toEqual(['carol']);
  });

  it('follows no link of a student, whether a folder or a kata', async () => {
    put(`bob/${RBD}`);
    fs.symlinkSync('bob', path.join(folder, 'eve'));
    fs.mkdirSync(path.join(folder, 'mallory'));
    fs.symlinkSync('../bob/01-rbd-put-client', path.join(folder, 'mallory', '01-rbd-put-client'));
    expect(told(await fromFolder(folder, ALL))).toEqual([
      `bob 01 bob/${RBD}`,
      'eve 01 ! eve is a symbolic link',
      'mallory 01 ! 01-rbd-put-client is a symbolic link',
    ]);
  });

  it('misses a driver that has another name', async () => {
    put('alice/01-rbd-put-client/RBD.TS');
    expect(told(await fromFolder(folder, ALL))).toEqual([
      'alice 01 ! 01-rbd-put-client holds no rbd.ts',
    ]);
  });

  it('does not choose between two drivers of one kata', async () => {
    put(`alice/${RBD}`);
    put(`alice/katas/${RBD}`);
    put(`bob/${RBD}`);
    put('bob.zip', await zipOf([{ name: RBD, contents: 'x' }]));
    expect(told(await fromFolder(folder, ALL))).toEqual([
      'alice 01 ! 01-rbd-put-client was handed in more than once',
      'bob 01 ! 01-rbd-put-client was handed in more than once',
    ]);
  });

  it('refuses absurdly many files without reading on', async () => {
    put(`bob/${RBD}`);
    for (let i = 0; i <= 1000; i++) put(`eve/${i}`, '');
    expect(told(await fromFolder(folder, ALL))).toEqual([
      `bob 01 bob/${RBD}`,
      'eve 01 ! the folder holds more than 1000 names',
    ]);
  });

  it('takes names as they are, in an order that no locale changes', async () => {
    for (const name of ['Zoë', 'anna', '=cmd()', 'b c', 'Anna']) put(`${name}/${RBD}`);
    expect(told(await fromFolder(folder, ALL)).map((line) => line.split(' 01')[0])).toEqual([
      ...['=cmd()', 'Anna', 'Zoë', 'anna', 'b c'],
    ]);
  });
});

describe('a zip file', () => {
  const good: ZipEntry = { name: RBD, contents: 'good' };

  it.each<[string, ZipEntry]>([
    ['at its top', good],
    ['in one folder around everything', { ...good, name: `work/${RBD}` }],
    ['in a clone', { ...good, name: `kernel-race-katas/katas/${RBD}` }],
  ])('is looked into: %s', async (_where, entry) => {
    put('alice.zip', await zipOf([entry, { name: `solutions/${RBD}`, contents: 'not mine' }]));
    put('bob/work.ZIP', await zipOf([entry]));
    expect(told(await fromFolder(folder, ALL))).toEqual(["alice 01 'good'", "bob 01 'good'"]);
  });

  const named = (name: string): Promise<Buffer> => zipOf([{ ...good, name }]);

  it.each<[string, () => Promise<Buffer>, string]>([
    ['no zip file', () => Promise.resolve(Buffer.from('PK, not')), 'damaged'],
    ['empty', () => Promise.resolve(Buffer.alloc(0)), 'damaged'],
    ['cut off', async () => (await zipOf([good])).subarray(0, 60), 'damaged'],
    [
      'leading out',
      async () => patched(await named(`aa/${RBD}`), 'aa/01', '../01'),
      'invalid relative path',
    ],
    ['absolute', async () => patched(await named(`a/${RBD}`), 'a/01', '//01'), 'absolute path'],
    [
      'a link',
      () => zipOf([{ ...good, mode: LINK_MODE, contents: '/etc/passwd' }]),
      'rbd.ts is a symbolic link',
    ],
    ['twice the same name', () => zipOf([good, good]), 'more than once'],
    ['encrypted', async () => withField(await zipOf([good]), 8, [1]), 'rbd.ts is encrypted'],
    [
      'a bomb that says so',
      () => zipOf([{ ...good, contents: Buffer.alloc(4 << 20) }]),
      'larger than 131072 bytes',
    ],
    [
      'a bomb that hides it',
      async () =>
        withField(await zipOf([{ ...good, contents: Buffer.alloc(4 << 20) }]), 24, [9, 0, 0, 0]),
      'cannot be unpacked',
    ],
    ['altered', async () => withField(await zipOf([good]), 16, [1, 2, 3, 4]), 'checksum is wrong'],
    [
      'of another method',
      async () => withField(await zipOf([good]), 10, [99, 0]),
      'cannot be unpacked',
    ],
    ['absurdly full', async () => withCount(await zipOf([good]), 20_000), 'names 20000 files'],
  ])('that is %s is the problem of its owner alone', async (_what, make, words) => {
    put('eve.zip', await make());
    put('bob.zip', await zipOf([good]));
    const [bob, eve, ...more] = told(await fromFolder(folder, ALL));
    expect([bob, more]).toEqual(["bob 01 'good'", []]);
    expect(eve).toMatch(/^eve 01 ! /);
    expect(eve).toContain(words);
  });

  it('that no byte can be changed in without an answer', async () => {
    const zip = await zipOf([good]);
    for (let at = 0; at < zip.length; at++) {
      const changed = Buffer.from(zip);
      changed[at] = (changed[at] ?? 0) ^ 0xff;
      const file = put('eve.zip', changed);
      const found = await driversInArchive(file, { wanted: ALL, ownerOf: () => '' });
      if ('problem' in found) expect(found.problem).toMatch(/^the zip file (is|names) /);
      else for (const { source } of found.drivers) expect(Object.keys(source)).toHaveLength(1);
    }
  });

  it('of many drivers for one kata is answered by its names, and nothing is unpacked', async () => {
    // If one of these were unpacked, it would be reported as damaged.
    const many = Array.from({ length: 1000 }, (_, i) => ({ ...good, name: `a${i}/${RBD}` }));
    put('mallory.zip', withField(await zipOf(many), 16, [1, 2, 3, 4]));
    put('eve/a.zip', withField(await zipOf(many.slice(0, 3)), 10, [99, 0]));
    const twice = '01-rbd-put-client was handed in more than once';
    expect(told(await fromFolder(folder, ALL))).toEqual([
      `eve 01 ! ${twice}`,
      `mallory 01 ! ${twice}`,
    ]);
  });

  it('of many in one folder is refused before it is opened', async () => {
    for (let i = 0; i <= 10; i++) put(`eve/${i}.zip`, 'PK, not');
    put(`bob/${RBD}`);
    expect(told(await fromFolder(folder, ALL))).toEqual([
      `bob 01 bob/${RBD}`,
      'eve 01 ! the folder holds more than 10 zip files',
    ]);
  });

  it('is not read when it is larger than an archive may be, nor are all of a student together', async () => {
    put(`bob/${RBD}`);
    const large = put('eve.zip', '');
    fs.truncateSync(large, (32 << 20) + 1);
    for (const name of ['a', 'b']) fs.truncateSync(put(`mallory/${name}.zip`, ''), 20 << 20);
    const [, eve, ...more] = told(await fromFolder(folder, ALL));
    expect(eve).toBe('eve 01 ! the zip file is larger than 33554432 bytes');
    expect(more.join('\n')).toContain('mallory 01 ! ');
  });

  it('of a whole class names the student above the kata', async () => {
    const file = put(
      'class.zip',
      await zipOf([
        { name: `class/alice/${RBD}`, contents: 'a' },
        { name: `class/bob/katas/${RBD}`, contents: 'b' },
        { name: RBD, contents: 'whose?' },
      ]),
    );
    const found = await fromClassZip(file, ALL);
    if (typeof found === 'string') throw new Error(found);
    expect(told(found)).toEqual(["alice 01 'a'", "bob 01 'b'"]);
    expect(found.remarks).toEqual([
      '01-rbd-put-client at the top of the zip file belongs to nobody',
    ]);
  });
});

describe('a manifest', () => {
  it('says who handed in what, and where it is', async () => {
    put('files/17.ts');
    put('files/18.zip', await zipOf([{ name: 'rbd.ts', contents: 'zipped' }]));
    const file = put(
      'class.csv',
      '\ufeffstudent_id,email,kata,path,last_name\r\ns1,a@x.org,1,files/17.ts,Ada\r\ns2,,rbd-put-client,files/18.zip,\r\n',
    );
    const found = await fromManifest(file, ALL);
    expect(told(found)).toEqual(['s1 01 files/17.ts', "s2 01 'zipped'"]);
    expect(found.handedIn[0]?.student).toEqual({
      ...{ id: 's1', email: 'a@x.org', lastName: 'Ada', firstName: '' },
    });
  });

  it.each([
    ['student_id,path\ns1,a', 'class.csv: there is no column kata'],
    ['student_id,kata,path,Path \ns,1,a,b', 'class.csv: there are two columns path'],
    ['student_id,kata,path\ns,1,"a', 'class.csv: row 2: Quoted field unterminated'],
    ['student_id,kata,path\ns,1,a,b', 'class.csv: row 2: Too many fields'],
  ])('with a mistake is refused, in one sentence: %j', async (text, sentence) => {
    const file = put('class.csv', text);
    const failure = await fromManifest(file, ALL).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Refusal);
    expect((failure as Refusal).message).toContain(sentence);
  });

  it.each([
    [',1,17.ts', 'class.csv: row 3: student_id is empty', []],
    ['s,77,17.ts', "class.csv: row 3: there is no kata '77'", ['s']],
    ['s,,17.ts', 'class.csv: row 3: kata is empty', ['s']],
    ['s,1,18.ts', "class.csv: row 3: there is no file '18.ts'", ['s']],
    ['s,1,', "class.csv: row 3: there is no file ''", ['s']],
  ])(
    'with a bad row grades the others, and gives that one no zero: %j',
    async (row, sentence, ids) => {
      put('17.ts');
      const file = put('class.csv', `student_id,kata,path\ngood,1,17.ts\n${row}\n`);
      const found = await fromManifest(file, ALL);
      expect(told(found)).toEqual(['good 01 17.ts']);
      expect(found.remarks.join()).toContain(sentence);
      expect(found.absent.map(({ student, ours }) => [student.id, ours])).toEqual(
        ids.map((id) => [id, true]),
      );
    },
  );

  it('takes two rows of one student and kata for two attempts', async () => {
    put('17.ts');
    put('18.ts');
    const file = put('class.csv', 'student_id,kata,path\ns,1,17.ts\ns,01,18.ts\n');
    expect(told(await fromManifest(file, ALL))).toEqual(['s 01 18.ts']);
    expect(told(await fromManifest(file, ALL, 'first'))).toEqual(['s 01 17.ts']);
    const best = await fromManifest(file, ALL, 'best');
    expect(best.handedIn[0]?.others).toHaveLength(1);
  });

  it('of names gives addresses to students of whom only the folder is known', () => {
    const file = put('roster.csv', 'Student_ID,Email\nalice,a@x.org\n');
    expect(readRoster(file).find(studentNamed('alice'))?.email).toBe('a@x.org');
  });

  it('finds people by number, address, name, and the name as Canvas writes it, if one alone is meant', () => {
    const file = put(
      'roster.csv',
      'student_id,email,last_name,first_name,github_username\n1,ada@x.org,Lovelace,Ada,al\n2,b@x.org,Twin,Tom,\n3,c@x.org,Twin,Tom,\n',
    );
    const { find } = readRoster(file);
    const named = { id: '77', email: '', lastName: '', firstName: '' };
    expect(find({ ...named, id: '1' })?.email).toBe('ada@x.org');
    expect(find({ ...named, id: 'al' })?.id).toBe('1');
    expect(find({ ...named, email: 'ADA@x.org' })?.id).toBe('1');
    expect(find({ ...named, firstName: 'Ada', lastName: 'Lovelace' })?.id).toBe('1');
    const canvas = find({ ...named, lastName: 'lovelaceada', canvasId: '77' });
    expect([canvas?.id, canvas?.canvasId]).toEqual(['1', '77']);
    expect(find({ ...named, firstName: 'Tom', lastName: 'Twin' })).toBeNull();
  });

  it('says who is in one of them and not in the other', () => {
    const roster = readRoster(put('roster.csv', 'student_id\nada\nbob\n'));
    const all = [{ student: studentNamed('ada'), kata: '', source: { problem: '' } }];
    const absent = [{ student: studentNamed('eve'), why: '', ours: false }];
    expect(unmatched(roster, all, absent)).toEqual([
      'in the roster, and not in the submissions: bob',
      'in the submissions, and not in the roster: eve',
    ]);
  });
});
