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
 * The folder with what `make` writes into it. It is made only once for each digest, a second caller waits for the first, and the one
 * before is removed.
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
      for (const old of fs.readdirSync(all)) {
        if (old.startsWith(`${name}-`)) fs.rmSync(path.join(all, old), { recursive: true });
      }
      fs.renameSync(draft, folder);
    } finally {
      fs.rmSync(draft, { recursive: true, force: true });
      fs.rmSync(lock, { recursive: true, force: true });
    }
  }
  return folder;
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
