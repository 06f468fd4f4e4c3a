// SPDX-License-Identifier: GPL-2.0-only
/** What has to be there before anything can run: Node, the packages, the build, and git, which is good to have. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Shell } from '../shell';
import { bad, type DoctorFinding, note, ok } from './finding';

interface PackageJson {
  readonly engines: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

function packageJson(root: string): PackageJson {
  return JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as PackageJson; // ours
}

export function examineNode({ root }: Shell): DoctorFinding {
  const { node: wanted } = packageJson(root).engines;
  const is = process.versions.node;
  const says = `${is}, ${wanted} is needed`;
  if (wanted.split(' || ').some((range) => satisfies(is, range))) return ok('node', says);
  return bad('node', says, 'install another one from https://nodejs.org');
}

/** Ranges as package.json has them: `>=24.0.0`, and `^22.13.0`, which means the same major version. */
function satisfies(version: string, range: string): boolean {
  const [is, want] = [version, range.replace(/^\D+/, '')].map((text) =>
    text.split('.').map(Number),
  );
  const difference = [0, 1, 2].map((i) => (is?.[i] ?? 0) - (want?.[i] ?? 0));
  const sameMajor = difference[0] === 0;
  return (sameMajor || range.startsWith('>=')) && (difference.find((d) => d !== 0) ?? 0) >= 0;
}

export function examineInstall({ root }: Shell): DoctorFinding {
  const { dependencies, devDependencies } = packageJson(root);
  const missing = (names: Readonly<Record<string, string>>): string[] =>
    Object.keys(names).filter((name) => !isInstalled(root, name));
  const [needed, forTests] = [missing(dependencies), missing(devDependencies)];
  if (needed.length > 0) {
    return bad('packages', `${needed.join(', ')} missing`, 'run npm ci in the repository');
  }
  if (forTests.length > 0) {
    const says = `all that kata needs; npm test also needs ${forTests.join(', ')}`;
    return note('packages', says, 'run npm ci, without --omit=dev, if you want to run npm test');
  }
  return ok('packages', 'installed');
}

/** Looks for the folder: not every package lets its package.json be resolved. */
function isInstalled(root: string, name: string): boolean {
  const places = createRequire(path.join(root, 'package.json')).resolve.paths(name) ?? [];
  return places.some((place) => fs.existsSync(path.join(place, name, 'package.json')));
}

export function examineBuild({ root }: Shell): DoctorFinding {
  const load = createRequire(path.join(root, 'package.json'));
  // The build script is plain JavaScript, so that it runs before anything is built.
  const { isFresh } = load('./tools/house/build.js') as { isFresh: () => boolean };
  if (isFresh()) return ok('build', 'dist/ is what the sources say');
  const remedy = 'run npm run build and look at its first error';
  return bad('build', 'dist/ is not what the sources say', remedy);
}

export function examineGit({ root }: Shell): DoctorFinding {
  const done = spawnSync('git', ['rev-parse', '--is-inside-work-tree'], {
    cwd: root,
    encoding: 'utf8',
  });
  const remedy = 'not needed: kata keeps the ports as shipped, and backups, in .kata';
  if (done.error !== undefined) return note('git', 'not installed', remedy);
  if (done.status !== 0) return note('git', 'this is not a repository', remedy);
  return ok('git', 'a repository');
}
