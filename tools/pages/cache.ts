// SPDX-License-Identifier: GPL-2.0-only
/** What takes long to make is kept under a name of what it was made of, for the next build and for the tests. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** A digest of texts, in their order. */
export function digestOf(texts: readonly string[]): string {
  return createHash('sha256').update(texts.join('\0')).digest('hex').slice(0, 24);
}

/** All files below some folders of the repository, by path, with their texts. */
export function textsBelow(root: string, folders: readonly string[]): string[] {
  return folders.flatMap((folder) => {
    const at = path.join(root, folder);
    const files = fs.statSync(at).isDirectory()
      ? fs.readdirSync(at, { recursive: true, encoding: 'utf8' }).map((file) => path.join(at, file))
      : [at];
    const own = files.filter((file) => fs.statSync(file).isFile()).sort();
    return own.flatMap((file) => [path.relative(root, file), fs.readFileSync(file, 'utf8')]);
  });
}

/**
 * The folder with what `make` writes into it. It is made only once for each digest, and a second caller waits for the first. Those
 * before are removed when nobody has asked for them for hours: somebody may still serve files out of one.
 */
export async function kept(
  root: string,
  name: string,
  digest: string,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const all = path.join(root, 'node_modules', '.cache', 'kata', 'site');
  const folder = path.join(all, `${name}-${digest}`);
  const lock = path.join(all, `lock-${name}`);
  fs.mkdirSync(all, { recursive: true });
  while (!fs.existsSync(folder)) {
    if (!locked(lock)) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      continue;
    }
    const draft = fs.mkdtempSync(path.join(all, `draft-${name}-`));
    try {
      if (fs.existsSync(folder)) break;
      await make(draft);
      removeUnused(all, name);
      fs.renameSync(draft, folder);
    } finally {
      fs.rmSync(draft, { recursive: true, force: true });
      fs.rmSync(lock, { recursive: true, force: true });
    }
  }
  const now = new Date();
  fs.utimesSync(folder, now, now);
  return folder;
}

/** Longer than anybody works with what was asked for once. */
const UNUSED_MS = 2 * 3_600_000;

/** Removes earlier folders of a name, and drafts of builds that were killed. The time of a folder is that of its last use. */
function removeUnused(all: string, name: string): void {
  for (const old of fs.readdirSync(all)) {
    if (!old.startsWith(`${name}-`) && !old.startsWith(`draft-${name}-`)) continue;
    const folder = path.join(all, old);
    const { mtimeMs = Infinity } = fs.statSync(folder, { throwIfNoEntry: false }) ?? {};
    if (Date.now() - mtimeMs > UNUSED_MS) fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Longer than anything here takes: its owner is dead. */
const LOCK_MAX_MS = 600_000;

/** Takes a lock; false while somebody else has it. */
function locked(lock: string): boolean {
  try {
    fs.mkdirSync(lock);
    return true;
  } catch {
    const { mtimeMs = Date.now() } = fs.statSync(lock, { throwIfNoEntry: false }) ?? {};
    if (Date.now() - mtimeMs > LOCK_MAX_MS) fs.rmSync(lock, { recursive: true, force: true });
    return false;
  }
}
