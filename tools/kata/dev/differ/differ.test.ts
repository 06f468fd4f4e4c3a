// SPDX-License-Identifier: GPL-2.0-only
/** A client that tells two drivers apart is found, the smallest there is; of two that behave alike none is. */
import path from 'node:path';
import { loadSource, readKata } from '../../../../lib/kata/files';
import { answerFile, applied, baseText } from '../../../answers/files';
import { repositoryRoot } from '../../katas';
import { clientOf, WITH_CLIENTS } from './calls';
import { hunt } from './differ';
import { outcomesOf } from './outcomes';
import { programs } from './programs';

const root = repositoryRoot();

function driverOf(id: string, name: string): Readonly<Record<string, unknown>> {
  const { manifest } = readKata(path.join(root, 'katas', id));
  const [kind, answer = ''] = name.split('/');
  const text =
    kind === 'wrong' || kind === 'right'
      ? applied(root, manifest, answerFile(root, id, kind, answer)).text
      : baseText(root, manifest, 'solution');
  const loaded = loadSource(text, manifest, manifest.driver);
  if (!loaded.ok) throw new Error(loaded.problems.join());
  return loaded.driver;
}

const clientFor = (driver: string) => {
  const client = clientOf(driver);
  if (client === null) throw new Error(`there are no clients of ${driver}`);
  return client;
};

it('finds two readers at once, where readers change the count', () => {
  const [a, b] = ['solution', 'wrong/reader-drains'].map((name) =>
    driverOf('00-lost-update', name),
  );
  const { difference } = hunt(clientFor('tally.ts'), a ?? {}, b ?? {}, 3);
  expect(difference?.onlyA).toEqual(['a: 0; b: 0; check: 0']);
  expect(difference?.onlyB).toEqual(['a: 0; b: 0; check: 0; data-race']);
});

it('finds nothing where two count alike', () => {
  const [a, b] = ['solution', 'right/mutex'].map((name) => driverOf('00-lost-update', name));
  expect(hunt(clientFor('tally.ts'), a ?? {}, b ?? {}, 3)).toEqual({
    difference: null,
    tried: 29,
    unfinished: 0,
  });
});

it('finds a map that meets the last unmap, where the count is read first', () => {
  const [a, b] = ['solution', 'wrong/count-read-first'].map((name) =>
    driverOf('01-rbd-put-client', name),
  );
  const { difference } = hunt(clientFor('rbd.ts'), a ?? {}, b ?? {}, 3);
  expect(difference?.onlyA).toEqual([]);
  expect(difference?.onlyB.some((outcome) => outcome.includes('refcount'))).toBe(true);
});

it('counts tasks in another order once, and goes from small to large', () => {
  const all = [...programs(2, 2)].filter(({ failing }) => !failing).map(({ tasks }) => tasks);
  expect(all).toEqual([
    [[0]],
    [[1]],
    [[0, 0]],
    [[0, 1]],
    [[1, 0]],
    [[1, 1]],
    [[0], [0]],
    [[0], [1]],
    [[1], [1]],
  ]);
});

const KATAS = {
  'tally.ts': '00-lost-update',
  'rbd.ts': '01-rbd-put-client',
  'dm.ts': '05-dm-minor-placeholder',
};

it.each(Object.entries(KATAS))('%s does whatever its clients ask', (file, id) => {
  expect(WITH_CLIENTS).toContain(file);
  const client = clientFor(file);
  const driver = driverOf(id, 'solution');
  for (const program of programs(client.calls.length, 1)) {
    const outcomes = outcomesOf(client, driver, program);
    expect(outcomes).not.toBeNull();
    for (const outcome of outcomes ?? []) expect(outcome).toMatch(/^a: [^;]*; check: [^;]*$/);
  }
});
