// SPDX-License-Identifier: GPL-2.0-only
/** `kata grade --make-gradescope-zip FILE`: an autograder to upload. The same sources and options give the same bytes. */
import fs from 'node:fs';
import path from 'node:path';
import { ZipFile } from 'yazl';
import { EXIT } from '../../kata/exit-code';
import { Refusal } from '../../kata/errors';
import { count } from '../../kata/print/words';
import type { Shell } from '../../kata/shell';
import type { KataName } from '../collect/handed-in';
import { type GradeOptions, graderOptions, tellHidden, wantedKatas } from '../command/options';
import { openGrader } from '../index';
import { fileToWrite, replaceFile } from '../command/writable';
import { filesUnder, sourceFiles } from './contents';
import { runScript, SETUP } from './scripts';

/** Half a virtual core is what Gradescope gives, and ten minutes for everything. */
const TIME_LIMIT_SECONDS = '150';

/** Writes the zip file. */
export async function makeGradescopeZip(shell: Shell, options: GradeOptions): Promise<number> {
  const { root, cwd, write } = shell;
  const { makeGradescopeZip: typed = '', hidden, kata } = options;
  if (kata === undefined)
    throw new Refusal('which katas may students hand in? Name them with --kata');
  const file = fileToWrite(cwd, '--make-gradescope-zip', typed);
  const { katas } = wantedKatas(shell, options);
  const zip = new ZipFile();
  const add = (name: string, contents: Buffer | string, mode: number): void => {
    // The date is the first that the format knows, the same in every time zone.
    const when = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true };
    zip.addBuffer(Buffer.from(contents), name, { ...when, mode });
  };
  add('setup.sh', SETUP, 0o100755);
  add(
    'run_autograder',
    runScript(
      runArguments(
        options,
        katas.map(({ id }) => id),
      ),
    ),
    0o100755,
  );
  for (const source of sourceFiles(root)) {
    add(
      source,
      fs.readFileSync(path.join(root, source)),
      source.startsWith('bin/') ? 0o100755 : 0o100644,
    );
  }
  if (hidden !== undefined) {
    await checkHidden(shell, options, katas);
    const folder = path.resolve(cwd, hidden);
    for (const own of filesUnder(folder, '.').sort()) {
      add(`hidden/${own}`, fs.readFileSync(path.join(folder, own)), 0o100644);
    }
  }
  zip.end();
  await replaceFile(file, await bytesOf(zip.outputStream));
  write(
    `${typed}: an autograder for ${count(katas.length, 'kata')}; upload it under Configure Autograder\n`,
  );
  return EXIT.holds;
}

/** What would not run there is refused here. */
async function checkHidden(
  shell: Shell,
  options: GradeOptions,
  katas: readonly KataName[],
): Promise<void> {
  const grader = openGrader(graderOptions(shell, options));
  tellHidden(
    shell,
    grader,
    options,
    katas.map(({ id }) => id),
  );
  await grader.close();
}

function runArguments(
  { hidden, timeLimit, types }: GradeOptions,
  katas: readonly string[],
): string[] {
  return [
    ...katas.flatMap((id) => ['--kata', id]),
    ...(hidden === undefined ? [] : ['--hidden', 'hidden']),
    ...(types ? [] : ['--no-types']),
    ...['--time-limit', timeLimit ?? TIME_LIMIT_SECONDS, '--no-cache'],
  ];
}

async function bytesOf(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer); // no encoding is set
  return Buffer.concat(chunks);
}
