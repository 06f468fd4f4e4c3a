// SPDX-License-Identifier: GPL-2.0-only
/** The katas of a repository: their names, and one of them with everything the commands need of it. */
import fs from 'node:fs';
import path from 'node:path';
import { type Manifest, parseManifest } from '../../lib/kata/manifest';
import { Fault } from './errors';

/** One kata. */
export interface Kata {
  /** NN-slug. */
  readonly id: string;
  /** NN, as commands are written: `npx kata test 01`. */
  readonly number: string;
  readonly slug: string;
  readonly folder: string;
  /** The learner's file, absolute. */
  readonly driver: string;
  readonly manifest: Manifest;
}

/** The folder that holds package.json, above the sources as above dist/. */
export function repositoryRoot(from = __dirname): string {
  const parent = path.dirname(from);
  if (fs.existsSync(path.join(from, 'package.json')) || parent === from) return from;
  return repositoryRoot(parent);
}

/** Names of all katas, in learning order. */
export function kataIds(root: string): string[] {
  const folder = path.join(root, 'katas');
  if (!fs.existsSync(folder)) throw new Fault('the folder katas/ is missing from this repository');
  return (
    fs
      .readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && /^\d\d-./.test(entry.name))
      .map((entry) => entry.name)
      // A folder without kata.json is not a kata yet; kata dev check says what it lacks.
      .filter((name) => fs.existsSync(path.join(folder, name, 'kata.json')))
      .sort()
  );
}

/** Reads one kata. */
export function kataAt(root: string, id: string): Kata {
  const folder = path.join(root, 'katas', id);
  let manifest: Manifest;
  try {
    const text = fs.readFileSync(path.join(folder, 'kata.json'), 'utf8');
    manifest = parseManifest(text, `katas/${id}/kata.json`);
  } catch (error) {
    throw new Fault(error instanceof Error ? error.message : String(error));
  }
  const driver = path.join(folder, manifest.driver);
  return { id, number: id.slice(0, 2), slug: id.slice(3), folder, driver, manifest };
}

/** All katas, in learning order. */
export function allKatas(root: string): Kata[] {
  return kataIds(root).map((id) => kataAt(root, id));
}

/** A text file of a kata's folder. */
export function kataText(kata: Kata, name: string): string {
  try {
    return fs.readFileSync(path.join(kata.folder, name), 'utf8');
  } catch {
    throw new Fault(`katas/${kata.id}/${name} cannot be read`);
  }
}
