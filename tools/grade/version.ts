// SPDX-License-Identifier: GPL-2.0-only
/** Digests of all that a verdict depends on beside the submission: a cached result with the same one can be used again. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** Everything built but the katas' own scenarios, and the packages that read and confine drivers. */
export function engineDigest(root: string): string {
  const hash = createHash('sha256').update(process.version);
  const dist = path.join(root, 'dist');
  for (const top of ['lib', 'tools/grade', 'tools/kata', 'katas/worlds']) {
    for (const file of filesIn(path.join(dist, top), '.js')) {
      hash.update(path.relative(dist, file)).update('\0').update(fs.readFileSync(file));
    }
  }
  for (const name of ['ses', 'acorn', '@babel/parser', 'magic-string', 'typescript']) {
    const manifest = path.join(root, 'node_modules', name, 'package.json');
    const { version } = JSON.parse(fs.readFileSync(manifest, 'utf8')) as { version: string }; // npm wrote it
    hash.update(`${name}@${version}\0`);
  }
  return hash.digest('hex');
}

/** The engine, a kata's compiled scenarios, and whatever else they are judged with. */
export function kataDigest(engine: string, suite: string, more: readonly unknown[]): string {
  const plain = JSON.stringify(more, (_key, value: unknown) =>
    value instanceof Map ? Array.from<unknown>(value) : value,
  );
  return createHash('sha256')
    .update(engine)
    .update(fs.readFileSync(suite))
    .update(plain)
    .digest('hex');
}

/** What the type check reads beside the driver: declarations may change where nothing that is built does. */
export function typesDigest(root: string): string {
  const hash = createHash('sha256');
  const sources = filesIn(path.join(root, 'lib'), '.ts').filter(
    (file) => !/\.test\.ts$/.test(file),
  );
  for (const file of [
    ...sources,
    path.join(root, 'tsconfig.json'),
    path.join(root, 'package.json'),
  ]) {
    hash.update(path.relative(root, file)).update('\0').update(fs.readFileSync(file));
  }
  return hash.digest('hex');
}

function filesIn(folder: string, extension: string): string[] {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return filesIn(file, extension);
      return file.endsWith(extension) ? [file] : [];
    });
}
