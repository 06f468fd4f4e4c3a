// SPDX-License-Identifier: GPL-2.0-only
/**
 * The ports as they were shipped. kata.json knows their digests, so a text can be found anywhere and still be trusted: it is the
 * driver itself as long as nobody has edited it, a copy that is kept in .kata/shipped from the first `npm ci` on, or
 * something git has. So `diff` and `reset` work in a clone, in a download without git, and with a history that was cut off.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { Refusal } from './errors';
import { allKatas, isShipped, type Kata } from './katas';

/** The port as shipped; a Refusal that says what to do if it is nowhere. */
export function shippedPort(root: string, kata: Kata): string {
  for (const source of [driverItself, keptCopy, fromGit]) {
    for (const text of source(root, kata)) if (isShipped(kata, text)) return text;
  }
  const where = 'neither .kata/shipped nor git has it';
  throw new Refusal(
    `${kata.id}: the port as shipped cannot be found: ${where}; take katas/${kata.id}/${kata.manifest.driver} from a fresh copy`,
  );
}

/** Keeps copies of the ports that are as shipped and not yet kept. A checkout that cannot be written to goes without. */
export function keepShipped(root: string): void {
  try {
    for (const kata of allKatas(root)) {
      const [kept = ''] = keptCopy(root, kata);
      if (isShipped(kata, kept)) continue;
      const [text = ''] = driverItself(root, kata);
      if (!isShipped(kata, text)) continue;
      fs.mkdirSync(folderOf(root), { recursive: true });
      writeFileAtomic.sync(copyOf(root, kata), text, { fsync: false });
    }
  } catch {
    // git is asked when a port is needed.
  }
}

function folderOf(root: string): string {
  return path.join(root, '.kata', 'shipped');
}

function copyOf(root: string, { id }: Kata): string {
  return path.join(folderOf(root), `${id}.ts`);
}

function driverItself(_root: string, { driver }: Kata): string[] {
  return textsAt(driver);
}

function keptCopy(root: string, kata: Kata): string[] {
  return textsAt(copyOf(root, kata));
}

function textsAt(file: string): string[] {
  try {
    return [fs.readFileSync(file, 'utf8')];
  } catch {
    return [];
  }
}

/** Versions of a port that are asked for; a learner's own commits come first, and the shipped one before them. */
const VERSIONS_MAX = 200;

function* fromGit(root: string, { driver }: Kata): Iterable<string> {
  const file = path.relative(root, driver).split(path.sep).join('/');
  const versions = git(root, 'rev-list', `--max-count=${VERSIONS_MAX}`, '--all', '--', file);
  for (const commit of ['HEAD', ...versions.split('\n').filter((line) => line !== '')]) {
    yield git(root, 'show', `${commit}:./${file}`);
  }
}

/** What git says; nothing if there is no git, or no repository. */
function git(cwd: string, ...args: readonly string[]): string {
  const done = spawnSync('git', args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return done.status === 0 ? done.stdout : '';
}
