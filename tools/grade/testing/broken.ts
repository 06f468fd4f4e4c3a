// SPDX-License-Identifier: GPL-2.0-only
/** A repository whose sandbox can be broken on purpose: everything is this one, but for the two processes that judge. */
import fs from 'node:fs';
import path from 'node:path';

/** What the judging process does: its source, in which `real()` gives the answer of the real one, and `say()` answers. */
export type Breaking = string;

/** Makes one in `folder`; `judge` is for submissions, canaries are judged by `canary`. */
export function brokenRoot(
  root: string,
  folder: string,
  { judge, canary = REAL, types }: { judge: Breaking; canary?: Breaking; types?: Breaking },
): string {
  const link = (name: string): void => {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.symlinkSync(path.join(root, name), path.join(folder, name));
  };
  for (const name of ['katas', 'lib', 'node_modules', 'package.json', 'tsconfig.json']) link(name);
  for (const name of ['lib', 'katas', 'tools/kata']) link(path.join('dist', name));
  const sandbox = path.join('dist', 'tools', 'grade', 'sandbox');
  fs.mkdirSync(path.join(folder, sandbox), { recursive: true });
  const put = (name: string, text: string): void => {
    fs.writeFileSync(path.join(folder, sandbox, name), text);
  };
  const child = JSON.stringify(path.join(root, sandbox, 'child.js'));
  put(
    'child.js',
    `${HELP(child)}\nif (job.source.startsWith(MARK)) { ${judge} } else { ${canary} }`,
  );
  const real = JSON.stringify(path.join(root, sandbox, 'types-child.js'));
  put('types-child.js', types ?? `require(${real});`);
  return folder;
}

/** What submissions begin with; canaries do not. */
export const MARK = '// a submission\n';

/** The process answers as it should. */
export const REAL: Breaking = 'real();';

const HELP = (child: string): string => `
const fs = require('node:fs');
const { spawnSync } = require('node:child_process');
const MARK = ${JSON.stringify(MARK)};
const text = fs.readFileSync(0, 'utf8');
const job = JSON.parse(text);
const say = (line) => fs.writeSync(3, JSON.stringify({ nonce: job.nonce, ...line }) + '\\n');
const answer = () => {
  const args = ['--disable-proto=delete', ${child}];
  const { output } = spawnSync(process.execPath, args, { input: text, stdio: ['pipe', 'ignore', 'inherit', 'pipe'] });
  return output[3].toString().trimEnd().split('\\n').map((line) => JSON.parse(line));
};
const real = () => answer().forEach(say);
`;
