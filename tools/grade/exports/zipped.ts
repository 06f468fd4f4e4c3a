// SPDX-License-Identifier: GPL-2.0-only
/** An export that is a zip file: the names are read first, and of the bytes only those of drivers and of zip files inside. */
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { archivedSource, DRIVER_BYTES_MAX, entriesOf } from '../collect/archive';
import { held } from '../collect/held';
import type { Source } from '../collect/handed-in';
import type { Export, Given, Item } from './delivery';

/** Lists it; a sentence if it is not a zip file that can be read. */
export async function exportInZip(file: string): Promise<(Export & { close(): void }) | string> {
  let zip: ZipFile;
  try {
    zip = await openPromise(file, { lazyEntries: true, autoClose: false });
  } catch (error) {
    return `the zip file is damaged: ${error instanceof Error ? error.message : String(error)}`;
  }
  try {
    const entries: Entry[] = [];
    await entriesOf(zip, (entry) => entries.push(entry));
    const items = itemsOf(zip, withoutTop(entries.filter(isWorthAName)));
    return { items, close: () => zip.close() };
  } catch (error) {
    zip.close();
    return `the zip file is refused: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function isWorthAName({ fileName }: Entry): boolean {
  return !/(^|\/)(__MACOSX|node_modules|\.git|\.DS_Store)(\/|$)/.test(fileName);
}

interface Placed {
  readonly name: string;
  readonly entry: Entry;
}

/** Names seen from the one folder around everything, if there is one. */
function withoutTop(entries: readonly Entry[]): Placed[] {
  const files = entries.filter(({ fileName }) => !fileName.endsWith('/'));
  const [first] = files;
  const top = /^[^/]+\//.exec(first?.fileName ?? '')?.[0] ?? '';
  const around =
    top !== '' && files.length > 1 && files.every((one) => one.fileName.startsWith(top));
  // A lone student's folder is not a folder around everything: below it there must be others.
  const tops = new Set(files.map(({ fileName }) => fileName.slice(top.length).split('/')[0]));
  const cut = around && tops.size > 1 ? top.length : 0;
  return files.map((entry) => ({ name: entry.fileName.slice(cut), entry }));
}

function itemsOf(zip: ZipFile, placed: readonly Placed[]): Item[] {
  const items = new Map<string, { isFolder: boolean; files: Given[] }>();
  for (const { name, entry } of placed) {
    const [top = '', ...below] = name.split('/');
    const item = items.get(top) ?? { isFolder: below.length > 0, files: [] };
    items.set(top, item);
    item.files.push(givenIn(zip, entry, below.length > 0 ? below.join('/') : top));
  }
  return [...items]
    .map(([name, item]): Item => ({ name, ...item, path: null }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function givenIn(zip: ZipFile, entry: Entry, name: string): Given {
  const bytes = (max: number): Promise<Source> => archivedSource(zip, entry, name, max);
  return { name, open: async () => held(await bytes(DRIVER_BYTES_MAX)), bytes };
}
