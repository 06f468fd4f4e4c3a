// SPDX-License-Identifier: GPL-2.0-only
/** similarity/<kata>/: the pairs, each submission's patch, and everything laid out for Dolos and JPlag with the port as base. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Manifest } from '../../../lib/kata/manifest';
import { Refusal } from '../../kata/errors';
import { folderNames } from '../batch/file-names';
import { DRIVER_BYTES_MAX } from '../collect/archive';
import type { Assigned, Source } from '../collect/handed-in';
import { readPlain } from '../collect/plain-file';
import { csv } from '../gradebook/csv';
import { addedLines, patchOf } from './changes';
import { type Pair, similarPairs } from './pairs';

/** A submission as text that differs from the port. */
interface Changed {
  readonly student: string;
  readonly text: string;
}

/** Compares the submissions for one kata and writes what there is to read; `folder` is the kata's own in the output. */
export function writeSimilarity(
  folder: string,
  { manifest, port }: { readonly manifest: Manifest; readonly port: string },
  assigned: readonly Assigned[],
): readonly Pair[] {
  const { id, driver, shipped } = manifest;
  if (createHash('sha256').update(port).digest('hex') !== shipped) {
    throw new Refusal(
      `--similarity: katas/${id}/${driver} is not the port as shipped; git checkout -- katas/${id}/${driver} brings it back`,
    );
  }
  const changed = assigned.flatMap(({ student, source }): Changed[] => {
    const text = textOf(source);
    return text === null || text === port ? [] : [{ student: student.id, text }];
  });
  fs.rmSync(folder, { recursive: true, force: true });
  const names = folderNames(changed.map(({ student }) => student));
  const write = (name: string, text: string): void => {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  };
  write(`stub/${driver}`, port);
  for (const { student, text } of changed) {
    const name = names.get(student) ?? '';
    write(`submissions/${name}/${driver}`, text);
    write(`patches/${name}.diff`, patchOf(driver, port, text));
  }
  const files = changed.map(({ student }) => [
    `submissions/${names.get(student) ?? ''}/${driver}`,
    student,
  ]);
  write('info.csv', csv(['filename', 'full_name'], files));
  const pairs = similarPairs(
    changed.map(({ student, text }) => ({ student, lines: addedLines(port, text) })),
  );
  const rows = pairs.map(({ one, other, similarity, shared }) => [
    one,
    other,
    similarity.toFixed(2),
    shared,
  ]);
  write('pairs.csv', csv(['student', 'other', 'similarity', 'fingerprints'], rows));
  write('README.txt', readme(driver));
  return pairs;
}

/** Null for what is not text. */
function textOf(source: Source): string | null {
  const read = 'file' in source ? readPlain(source.file, DRIVER_BYTES_MAX) : source;
  if ('problem' in read) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(read.bytes);
  } catch {
    return null;
  }
}

function readme(driver: string): string {
  return `Only what submissions changed in the port as shipped is compared. Similar changes are a hint to read both, and no
proof of anything: a right fix may be two lines. pairs.csv names the pairs, patches/ holds what each one changed.

The same for Dolos and JPlag, run in this folder, with the port as what everybody was given:

  npx @dodona/dolos-cli run -l typescript -i stub/${driver} -f csv info.csv
  java -jar jplag.jar -l typescript -bc stub -M RUN --csv-export submissions
`;
}
