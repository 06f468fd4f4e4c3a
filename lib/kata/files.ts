// SPDX-License-Identifier: GPL-2.0-only
/** Katas on disk: finds them, reads their files, and loads a driver file so that it can be judged. */
import fs from 'node:fs';
import path from 'node:path';
import * as driverLib from '../driver-lib';
import { UsageError } from '../machine';
import { linkSource, refused, type Refused } from './linking';
import { type Manifest, parseManifest } from './manifest';
import { startDriver, type Started } from './starting';

/** A kata's folder and its kata.json. */
export interface KataFolder {
  readonly path: string;
  readonly manifest: Manifest;
}

/** A driver that can run, or sentences that say why not. */
export type LoadedDriver = Started | Refused;

/** The values a driver can import from '#lib'. */
export const LIB_EXPORTS: readonly string[] = Object.keys(driverLib);

/** Reads one kata. */
export function readKata(folder: string): KataFolder {
  const file = path.join(folder, 'kata.json');
  const shown = path.join(path.basename(folder), 'kata.json');
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`${shown} cannot be read: every kata has one`);
  }
  return { path: folder, manifest: parseManifest(text, shown) };
}

/** All katas under a folder, in learning order. */
export function readKatas(folder: string): KataFolder[] {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^\d\d-/.test(entry.name))
    .map((entry) => entry.name)
    .sort()
    .map((name) => readKata(path.join(folder, name)));
}

/** Largest driver that is read; the linker has a lower limit and reports it. */
const BYTES_MAX = 1 << 20;

function readSource(file: string, shown: string): string | null {
  try {
    const stat = fs.statSync(file);
    if (!stat.isFile() || stat.size > BYTES_MAX) return null;
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    if (code === 'ENOENT') throw new UsageError(`${shown}: there is no such file`);
    throw new UsageError(`${shown}: cannot be read (${code})`);
  }
}

/** Loads a driver file for a kata: strips, checks, links and runs its file scope. `shown` is the file's name in messages. */
export function loadDriver(
  file: string,
  manifest: Manifest,
  shown = manifest.driver,
): LoadedDriver {
  const source = readSource(file, shown);
  if (source === null)
    return refused([`${shown}: not a driver: not a regular file, or over ${BYTES_MAX} bytes`]);
  return loadSource(source, manifest, shown);
}

/** The same for a text that has already been read; `evaluate` where its file scope runs in a realm of its own. */
export function loadSource(
  source: string,
  manifest: Manifest,
  shown: string,
  evaluate?: (code: string) => unknown,
): LoadedDriver {
  const linked = linkSource(source, shown, manifest, LIB_EXPORTS);
  return linked.ok ? startDriver(linked, shown, evaluate) : linked;
}
