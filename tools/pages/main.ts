// SPDX-License-Identifier: GPL-2.0-only
/** `npm run site`: builds the site into `site/`, or into another folder that is named. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { repositoryRoot } from '../kata/katas';
import { buildSite } from './site';

// A report names lines of the sources.
process.setSourceMapsEnabled(true);

const { positionals } = parseArgs({ allowPositionals: true });
const root = repositoryRoot();
const out = path.resolve(positionals[0] ?? path.join(root, 'site'));

buildSite({
  root,
  out,
  tell: (what) => {
    process.stdout.write(`site: ${what}\n`);
  },
}).catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 1;
});
