// SPDX-License-Identifier: GPL-2.0-only
/**
 * `npm run survey -- FOLDER...`: judges folders of litmus tests, and compares with what docs/litmus.md says of them; 1 if that is
 * out of date. `--write` writes it there. `--executions N` gives a test up after so many.
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { replaced } from '../../docs/generated';
import { repositoryRoot } from '../../kata/katas';
import { testFile, testsIn } from '../tested';
import { type Folder, surveyText } from './survey';

const PAGE = path.join('docs', 'litmus.md');
const EXECUTIONS = '3000';

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      executions: { type: 'string', default: EXECUTIONS },
      write: { type: 'boolean', default: false },
    },
  });
  const executions = Number(values.executions);
  if (positionals.length === 0 || !Number.isInteger(executions) || executions < 1) {
    process.stderr.write('usage: npm run survey -- [--executions N] [--write] FOLDER...\n');
    return 2;
  }
  const survey = surveyText(positionals.map((folder) => surveyed(folder, executions)));
  process.stdout.write(`${survey}\n\n`);
  const page = path.join(repositoryRoot(), PAGE);
  const before = fs.readFileSync(page, 'utf8');
  const after = replaced(before, 'survey', survey, 'survey');
  const stale = after !== before;
  if (stale && values.write) fs.writeFileSync(page, after);
  const end = values.write ? 'written' : 'out of date: --write writes it';
  process.stdout.write(`survey: ${PAGE} is ${stale ? end : 'up to date'}\n`);
  return stale && !values.write ? 1 : 0;
}

function surveyed(folder: string, executions: number): Folder {
  const files = testsIn(folder);
  const tests = files.map((file, i) => {
    if ((i + 1) % 25 === 0) process.stderr.write(`survey: ${i + 1} of ${files.length}\n`);
    return { file, ...testFile(path.join(folder, file), executions) };
  });
  return { name: path.basename(folder), tests };
}

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
