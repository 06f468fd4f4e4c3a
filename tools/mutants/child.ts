// SPDX-License-Identifier: GPL-2.0-only
/** A process that judges mutants, one after the other, as it is sent them. */
import path from 'node:path';
import { readKata } from '../../lib/kata/files';
import { baseText } from '../answers/files';
import { repositoryRoot } from '../kata/katas';
import { MutantJudge } from './judge-mutant';

const [, , id = ''] = process.argv;
const root = repositoryRoot();
const kata = readKata(path.join(root, 'katas', id));
const compiled = path.join(__dirname, '..', '..', 'katas', id);
const judge = new MutantJudge(kata, compiled, baseText(root, kata.manifest, 'solution'));

process.on('message', (mutant: { readonly text: string; readonly within: string }) => {
  process.send?.(judge.judge(mutant));
});
process.send?.('ready');
