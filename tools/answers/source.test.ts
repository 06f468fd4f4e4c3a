// SPDX-License-Identifier: GPL-2.0-only
/** Every place that takes a driver also takes a patch of the same kata, which stands for the driver it makes. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readKata } from '../../lib/kata/files';
import { readSubmission } from '../grade/submission';
import { repositoryRoot } from '../kata/katas';
import { answerFile, applied } from './files';
import { sourceOf } from './source';

const root = repositoryRoot();
const { manifest } = readKata(path.join(root, 'katas', '00-lost-update'));
const atomic = answerFile(root, manifest.id, 'right', 'atomic');
const made = applied(root, manifest, atomic).text;
const patch = fs.readFileSync(atomic.file, 'utf8');

it('is the text itself, unless it is named as a patch', () => {
  expect(sourceOf(root, manifest, { text: 'x', shown: 'a.ts' })).toEqual({
    text: 'x',
    shown: 'a.ts',
  });
  const shown = 'somewhere/atomic.patch';
  expect(sourceOf(root, manifest, { text: patch, shown })).toEqual({
    text: made,
    shown: 'somewhere/atomic.ts',
  });
});

it('is refused in another kata', () => {
  const other = readKata(path.join(root, 'katas', '01-rbd-put-client')).manifest;
  expect(() => sourceOf(root, other, { text: patch, shown: 'a.diff' })).toThrow(
    /^a\.diff:\d+: this is a patch to 00-lost-update\/tally\.ts, not to 01-rbd-put-client\/rbd\.ts$/,
  );
});

it('is graded as the driver it makes, and a damaged one is rejected', () => {
  expect(readSubmission(root, manifest, atomic.file)).toMatchObject({ ok: true, source: made });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-graded-'));
  try {
    const file = path.join(folder, 'mine.patch');
    fs.writeFileSync(file, patch.replace(/^ .*$/m, ' something else'));
    expect(readSubmission(root, manifest, file)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(
        /^mine\.patch:\d+: the patch does not apply: line \d+ of /,
      ) as string,
    });
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});
