// SPDX-License-Identifier: GPL-2.0-only
/** The device-mapper series reads as a history: no patch of it breaks what an earlier one has mended. */
import fs from 'node:fs';
import path from 'node:path';
import { loadDriver, readKatas } from '../lib/kata/files';
import { failures } from '../tools/selfcheck/judge-file';
import { PlainJudge } from '../tools/selfcheck/plain-judge';

/** 04 is of lib/idr.c, the rest of drivers/md/dm.c; only 09 has dm-ioctl.c, so later drivers cannot run its scenarios. */
const series = readKatas(path.join(__dirname, '..', 'katas')).filter(({ manifest }) =>
  /^(0[5-9]|1[01])-dm-/.test(manifest.id),
);
const WITH_IOCTL = '09-dm-get-locked';

const pairs = series.flatMap((later) =>
  series
    .filter(({ manifest: { id } }) => id < later.manifest.id && id !== WITH_IOCTL)
    .map((earlier) => [later.manifest.id, earlier.manifest.id] as const),
);

const solution = (id: string): string => path.join(__dirname, id, 'dm.ts');

const plain = new PlainJudge();
afterAll(() => {
  plain.stop();
});

it.each(pairs)('the solution of %s holds in %s', async (id, earlier) => {
  const text = fs.readFileSync(solution(id), 'utf8');
  const verdicts = await plain.judge({ kata: earlier, text, shown: 'dm.ts', brief: true });
  expect(failures(verdicts)).toEqual([]);
});

it('leaves out only what cannot be run', () => {
  const ioctl = series.find(({ manifest }) => manifest.id === WITH_IOCTL);
  const later = series.filter(({ manifest }) => manifest.id > WITH_IOCTL);
  const loads = later.map(({ manifest: { id } }) =>
    ioctl === undefined ? true : loadDriver(solution(id), ioctl.manifest).ok,
  );
  expect(loads).toEqual([false, false]);
});
