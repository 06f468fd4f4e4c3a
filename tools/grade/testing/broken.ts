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
  put(
    'child.js',
    `${help(root, folder)}\nif (job.source.startsWith(MARK)) { ${judge} } else { ${canary} }`,
  );
  const real = JSON.stringify(path.join(root, sandbox, 'types-child.js'));
  put('types-child.js', types ?? `require(${real});`);
  return folder;
}

/** What submissions begin with; canaries do not. */
export const MARK = '// a submission\n';

/** The process answers as it should. */
export const REAL: Breaking = 'real();';

/**
 * What `judge` and `canary` are written with. Every broken repository asks the real child the same questions, so each is asked once
 * and its answer kept beside the repositories under a digest of the whole question, but for the nonce and the repository's folder.
 */
function help(root: string, folder: string): string {
  const child = JSON.stringify(path.join(root, 'dist', 'tools', 'grade', 'sandbox', 'child.js'));
  const kept = JSON.stringify(path.join(path.dirname(folder), 'answer-'));
  const [here, there] = [folder, root].map((name) =>
    JSON.stringify(JSON.stringify(name).slice(1, -1)),
  );
  return `
const fs = require('node:fs');
const { createHash } = require('node:crypto');
const { spawnSync } = require('node:child_process');
const MARK = ${JSON.stringify(MARK)};
const job = JSON.parse(fs.readFileSync(0, 'utf8'));
const say = (line) => fs.writeSync(3, JSON.stringify({ ...line, nonce: job.nonce }) + '\\n');
const ask = (input) => {
  const args = ['--disable-proto=delete', ${child}];
  const { output, status } = spawnSync(process.execPath, args, { input, stdio: ['pipe', 'ignore', 'inherit', 'pipe'] });
  if (status !== 0) process.exit(1);
  return output[3].toString();
};
const answer = () => {
  const question = JSON.stringify({ ...job, nonce: '' }).replaceAll(${here}, ${there});
  const file = ${kept} + createHash('sha256').update(question).digest('hex');
  if (!fs.existsSync(file)) fs.writeFileSync(file, ask(question));
  return fs.readFileSync(file, 'utf8').trimEnd().split('\\n').map((line) => JSON.parse(line));
};
const real = () => answer().forEach(say);
`;
}
