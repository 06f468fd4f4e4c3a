// SPDX-License-Identifier: GPL-2.0-only
/** An export that is a folder: the names in it, as far down as drivers lie. No link is followed, and nothing is read. */
import path from 'node:path';
import { Refusal } from '../../kata/errors';
import type { Source } from '../collect/handed-in';
import { kindOf, namesIn, readPlain } from '../collect/plain-file';
import type { Export, Given, Item } from './delivery';

const ITEMS_MAX = 100_000;
/** Names that are looked at of one item: a clone of this repository has fewer in the folders that matter. */
const NAMES_MAX = 2000;
const DEPTH_MAX = 4;
const PASSED_OVER = ['.git', 'node_modules', '__MACOSX', 'dist', 'lib', 'tools', 'docs'];

/** Lists it. */
export function exportOnDisk(folder: string): Export {
  const listed = namesIn(folder, ITEMS_MAX);
  if ('problem' in listed) throw new Refusal(`${path.basename(folder)} ${listed.problem}`);
  const names = listed.names.filter((name) => !name.startsWith('.') && name !== '__MACOSX');
  return { items: names.flatMap((name) => itemAt(path.join(folder, name))) };
}

function itemAt(file: string): Item[] {
  const name = path.basename(file);
  const kind = kindOf(file);
  if (kind === 'file') return [{ name, files: [givenAt(file, name)], isFolder: false, path: file }];
  if (kind !== 'folder') return [{ name, files: [], isFolder: false, path: file }];
  return [{ name, files: filesIn(file), isFolder: true, path: file }];
}

/** Files of one hand-in, by their names seen from it. */
function filesIn(folder: string): Given[] {
  const files: Given[] = [];
  let seen = 0;
  const walk = (below: string, depth: number): void => {
    const listed = namesIn(path.join(folder, below), NAMES_MAX);
    if ('problem' in listed) return;
    for (const name of listed.names) {
      if (++seen > NAMES_MAX || PASSED_OVER.includes(name)) continue;
      const inside = path.posix.join(below, name);
      const file = path.join(folder, inside);
      const kind = kindOf(file);
      if (kind === 'file') files.push(givenAt(file, inside));
      else if (kind === 'folder' && depth < DEPTH_MAX) walk(inside, depth + 1);
    }
  };
  walk('', 0);
  return files;
}

function givenAt(file: string, name: string): Given {
  const open = (): Promise<Source> => Promise.resolve({ file });
  return {
    name,
    open,
    bytes: (max) => {
      const read = readPlain(file, max);
      return Promise.resolve('bytes' in read ? read : { problem: `${name} ${read.problem}` });
    },
  };
}
