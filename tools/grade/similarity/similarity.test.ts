// SPDX-License-Identifier: GPL-2.0-only
/** Copies are found by what they changed; the port that everybody shares and the fix that everybody finds are not copying. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseManifest } from '../../../lib/kata/manifest';
import { answerFiles, applied } from '../../answers/files';
import { shippedPort } from '../../answers/shipped';
import { Refusal } from '../../kata/errors';
import { studentNamed } from '../collect/handed-in';
import { addedLines, patchOf } from './changes';
import { similarPairs } from './pairs';
import { writeSimilarity } from './write';

const root = path.join(__dirname, '..', '..', '..');
const text = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');
const manifest = parseManifest(text('katas/01-rbd-put-client/kata.json'), 'kata.json');
const right = answerFiles(root, manifest.id)
  .filter(({ kind }) => kind === 'right')
  .map((file) => applied(root, manifest, file).text);

const PORT = 'a();\nb();\nc();\n';

it("takes only what was added for a submission's own", () => {
  expect(addedLines(PORT, 'a();\nlock();\nb();\nc();\n\n')).toEqual(['lock();']);
  expect(addedLines(PORT, PORT)).toEqual([]);
});

it('gives up on files that have little to do with the port, however they are made', () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => `${i}`);
  expect(addedLines(PORT, lines.join('\n'))).toEqual(lines);
  expect(patchOf('x.ts', PORT, lines.join('\n'))).toBe('x.ts: more than 2000 lines differ\n');
});

const words = (seed: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${seed}_${i}(${seed}${i * 7}, x);`);

it('names two who changed the same in the same words, and nobody who did not', () => {
  const all = [
    { student: 'ada', lines: words('lock', 20) },
    { student: 'bob', lines: words('kref', 20) },
    { student: 'eve', lines: [...words('lock', 19), 'something_else(entirely);'] },
  ];
  expect(similarPairs(all)).toMatchObject([{ one: 'ada', other: 'eve' }]);
});

it('says nothing of a fix that is short, nor of one that a whole class wrote', () => {
  const short = ['ada', 'bob'].map((student) => ({ student, lines: words('lock', 2) }));
  expect(similarPairs(short)).toEqual([]);
  const everybody = Array.from({ length: 20 }, (_, i) => ({
    student: `s${i}`,
    lines: words('lock', 20),
  }));
  expect(similarPairs(everybody)).toEqual([]);
});

it('is not deceived by layout and comments', () => {
  const lines = words('lock', 20);
  const disguised = lines.map((line) => `    ${line.replace('(', ' ( ')} // mine`);
  expect(
    similarPairs([
      { student: 'ada', lines },
      { student: 'eve', lines: disguised },
    ]),
  ).toHaveLength(1);
});

describe('what is written', () => {
  let folder = '';
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-similarity-'));
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const port = shippedPort(root, manifest);
  const handedIn = (id: string, bytes: Buffer) => {
    return { student: studentNamed(id), kata: manifest.id, source: { bytes } };
  };

  it('is laid out for Dolos and JPlag with the port as base, without students who changed nothing', () => {
    const [first = '', second = ''] = right;
    writeSimilarity(folder, { manifest, port }, [
      handedIn('ada', Buffer.from(first)),
      handedIn('bob', Buffer.from(second)),
      handedIn('tom', Buffer.from(port)),
      handedIn('eve', Buffer.from([0xff, 0xfe, 0])),
    ]);
    const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
    expect(
      files
        .filter((file) => file.isFile())
        .map((file) => file.name)
        .sort(),
    ).toEqual([
      ...[
        'README.txt',
        'ada.diff',
        'bob.diff',
        'info.csv',
        'pairs.csv',
        'rbd.ts',
        'rbd.ts',
        'rbd.ts',
      ],
    ]);
    expect(fs.readFileSync(path.join(folder, 'stub', 'rbd.ts'), 'utf8')).toBe(port);
    expect(fs.readFileSync(path.join(folder, 'info.csv'), 'utf8')).toBe(
      'filename,full_name\nsubmissions/ada/rbd.ts,ada\nsubmissions/bob/rbd.ts,bob\n',
    );
    expect(fs.readFileSync(path.join(folder, 'README.txt'), 'utf8')).toContain('no\nproof');
  });

  it('is nothing when the port is not the shipped one, which would be compared wrongly', () => {
    expect(() => writeSimilarity(folder, { manifest, port: `${port}\n` }, [])).toThrow(Refusal);
  });
});
