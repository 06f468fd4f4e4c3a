// SPDX-License-Identifier: GPL-2.0-only
/** The files a driver's types are checked against: the library's sources, and the compiler's own declarations. */
import fs from 'node:fs';
import path from 'node:path';

/** Names below a root of their own, with their texts: `lib/...`, `typescript/lib.es2023.d.ts`, `tsconfig.json`. */
export function typeFiles(root: string): Record<string, string> {
  const own = fs
    .readdirSync(path.join(root, 'lib'), { recursive: true, encoding: 'utf8' })
    .map((file) => `lib/${file.split(path.sep).join('/')}`)
    .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|\/(testing|fixtures)\//.test(file));
  const standard = path.join(root, 'node_modules', 'typescript', 'lib');
  const names = fs.readdirSync(standard).filter((name) => STANDARD.test(name));
  return Object.fromEntries([
    ...['tsconfig.json', ...own].map((file) => [file, text(path.join(root, file))]),
    ...names.map((name) => [`typescript/${name}`, text(path.join(standard, name))]),
  ]) as Record<string, string>; // pairs of names and texts
}

/** What `lib: ["es2023"]` refers to. */
const STANDARD = /^lib\.(es5|es20(1[5-9]|2[0-3])(\..*)?|decorators(\.legacy)?)\.d\.ts$/;

function text(file: string): string {
  return fs.readFileSync(file, 'utf8');
}
