// SPDX-License-Identifier: GPL-2.0-only
/** Every kata proves itself: the self-check in Jest, one test for each property. */
import path from 'node:path';
import { type KataFolder, readKatas } from '../../lib/kata/files';
import { shippedPort } from '../answers/shipped';
import { checksOf, type Judge } from './checks';
import { PlainJudge } from './plain-judge';

const root = path.join(__dirname, '..', '..');

/** Declares the tests of the katas with numbers from `first` to `last`. */
export function selfcheck(first: number, last: number): void {
  const katas = readKatas(path.join(root, 'katas')).filter(({ manifest: { id } }) => {
    const number = Number(id.slice(0, 2));
    return first <= number && number <= last;
  });
  const plain = new PlainJudge();
  afterAll(() => {
    plain.stop();
  });
  describe.each(katas.map((kata) => [kata.manifest.id, kata] as const))('%s', (_id, kata) => {
    proves(kata, plain);
  });
}

/** `npx kata` alone judges a driver that a learner has edited: the self-check proves the port as shipped. */
function proves(kata: KataFolder, plain: PlainJudge): void {
  const judge: Judge = async (question) => {
    return { problems: [], verdicts: await plain.judge({ kata: kata.manifest.id, ...question }) };
  };
  const port = (): string => shippedPort(root, kata.manifest);
  it.each(checksOf(root, kata, port).map(({ name, problems }) => [name, problems] as const))(
    '%s',
    async (_name, problems) => {
      expect(await problems(judge)).toEqual([]);
    },
  );
}
