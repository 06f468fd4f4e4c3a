// SPDX-License-Identifier: GPL-2.0-only
/** Writes the files of a new kata: all of them, or none. */
import fs from 'node:fs';
import path from 'node:path';
import { parse } from '@babel/parser';
import { Refusal } from '../errors';
import { kataIds } from '../katas';
import { reason } from '../../errno';
import { type File, type Named, templateFiles } from './template';

/** The kata a word asks for: NN-slug, or a slug that gets the next number. */
export function nameFor(root: string, slug: string, driver: string | undefined): Named {
  const [, number, words = ''] = /^(?:(\d\d)-)?([a-z][a-z0-9]*(?:-[a-z0-9]+)*)$/.exec(slug) ?? [];
  if (words === '') {
    throw new Refusal(
      `'${slug}' is not a slug; write small letters, digits and '-', as in rbd-put-client`,
    );
  }
  const name = driver?.replace(/\.ts$/, '') ?? words.replace(/-.*$/, '');
  if (!/^[a-z][a-z0-9_]*$/.test(name)) {
    throw new Refusal(`--driver ${name}: small letters, digits and '_' make the name of a driver`);
  }
  if (!isUsable(name))
    throw new Refusal(`'${name}' cannot name a driver; choose another name with --driver`);
  return { id: `${number ?? nextNumber(root)}-${words}`, driver: name };
}

/** Scenarios take the driver as a parameter of its name, so it must be an identifier, and not hide what they use. */
function isUsable(name: string): boolean {
  if (['scenario', 'scenarios', 'suite'].includes(name)) return false;
  try {
    parse(`(${name}) => 0`, { sourceType: 'module' });
    return true;
  } catch {
    return false; // a reserved word
  }
}

function nextNumber(root: string): string {
  const numbers = kataIds(root).map((id) => Number(id.slice(0, 2)));
  const next = Math.max(-1, ...numbers) + 1;
  if (next > 99) throw new Refusal('there are 100 katas; name the number yourself: NN-slug');
  return String(next).padStart(2, '0');
}

/** Writes everything; names of the files, relative to the root. */
export function scaffold(root: string, named: Named): string[] {
  const taken = kataIds(root).find((id) => id.slice(0, 2) === named.id.slice(0, 2));
  if (taken !== undefined) throw new Refusal(`number ${taken.slice(0, 2)} is taken by ${taken}`);
  const same = kataIds(root).find((id) => id.slice(3) === named.id.slice(3));
  if (same !== undefined) throw new Refusal(`the name ${same.slice(3)} is taken by ${same}`);
  const world = path.join(root, 'katas', 'worlds', `${named.driver}.ts`);
  const files = templateFiles(named, fs.existsSync(world));
  for (const top of ['katas', 'solutions']) {
    const folder = path.join(root, top, named.id);
    if (fs.existsSync(folder)) throw new Refusal(`${top}/${named.id} exists already`);
  }
  try {
    // The solution first: a folder of katas/ without one would be noticed.
    for (const top of ['solutions', 'katas']) writeFolder(root, top, named.id, files);
  } catch (error) {
    throw new Refusal(`katas/${named.id} ${reason(error, 'written')}`);
  }
  return files.map(([file]) => file);
}

/** Writes into a folder of another name and renames it, so that nothing half-written is ever a kata. */
function writeFolder(root: string, top: string, id: string, files: readonly File[]): void {
  const draft = path.join(root, top, `.${id}.${process.pid}`);
  fs.mkdirSync(draft, { recursive: true });
  try {
    for (const [file, text] of files) {
      if (!file.startsWith(`${top}/`)) continue;
      fs.writeFileSync(path.join(draft, path.basename(file)), text);
    }
    if (top === 'solutions')
      for (const sub of ['wrong', 'right']) fs.mkdirSync(path.join(draft, sub));
    fs.renameSync(draft, path.join(root, top, id));
  } finally {
    fs.rmSync(draft, { recursive: true, force: true });
  }
}
