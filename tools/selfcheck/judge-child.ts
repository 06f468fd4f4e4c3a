// SPDX-License-Identifier: GPL-2.0-only
/** A process that judges texts, one after the other, as it is sent them (plain-judge.ts). */
import path from 'node:path';
import { readKata } from '../../lib/kata/files';
import { repositoryRoot } from '../kata/katas';
import { judgeText } from './judge-file';
import type { Asked, Told } from './plain-judge';

const root = repositoryRoot();

process.on('message', ({ kata: id, text, shown, ...judging }: Asked) => {
  process.send?.(told());

  function told(): Told {
    const { manifest } = readKata(path.join(root, 'katas', id));
    const kata = { manifest, path: path.join(root, 'dist', 'katas', id) };
    try {
      return { verdicts: judgeText(kata, { text, shown }, judging) };
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) };
    }
  }
});
