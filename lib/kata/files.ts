// SPDX-License-Identifier: GPL-2.0-only
/** Katas on disk: finds them, reads what belongs to them, and turns a driver file into something that can be judged. */
import fs from 'node:fs';
import path from 'node:path';
import * as driverLib from '../driver-lib';
import {
  type Diagnostic,
  formatDiagnostic,
  instantiate,
  linkDriver,
  missingExports,
} from '../driver';
import { current, UsageError } from '../machine';
import { DECLARATORS, OP_EXPORTS } from './lib-names';
import { type Manifest, parseManifest } from './manifest';

/** A kata's folder and what its kata.json says. */
export interface KataFolder {
  readonly path: string;
  readonly manifest: Manifest;
}

/** A driver that can be run, or the sentences that say why not. */
export type LoadedDriver =
  | { readonly ok: true; readonly driver: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly problems: readonly string[] };

const names = {
  libExports: new Set(Object.keys(driverLib)),
  declarators: new Set(DECLARATORS),
  opExports: new Set(OP_EXPORTS),
};

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

/** Largest driver that is read at all; the linker has a lower limit and says so. */
const BYTES_MAX = 1 << 20;

function readSource(file: string, shown: string): string | null {
  try {
    const stat = fs.statSync(file);
    if (!stat.isFile() || stat.size > BYTES_MAX) return null;
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UsageError(`${shown}: there is no such file`);
    throw new UsageError(`${shown}: cannot be read (${code ?? 'unknown error'})`);
  }
}

/** Loads a driver file for a kata: strips, checks, links and runs its file scope. `shown` is how messages name the file. */
export function loadDriver(
  file: string,
  manifest: Manifest,
  shown = manifest.driver,
): LoadedDriver {
  const source = readSource(file, shown);
  if (source === null)
    return refused([`${shown}: this is no driver: not a plain file, or over ${BYTES_MAX} bytes`]);
  const linked = linkDriver(source, shown, names);
  if (!linked.ok) return refused(linked.diagnostics.map((d: Diagnostic) => formatDiagnostic(d)));
  const missing = missingExports(linked, manifest.exports);
  if (missing.length > 0) {
    return refused(
      missing.map((name) => `${shown}:1:1: does not export ${name}, which the scenarios call`),
    );
  }
  try {
    const tick = (): void => {
      current.machine.turn();
    };
    return { ok: true, driver: instantiate(linked, { lib: driverLib, tick, fileName: shown }) };
  } catch (error) {
    return refused([
      `${shown}: the file scope fails: ${error instanceof Error ? error.message : 'an exception'}`,
    ]);
  }
}

function refused(problems: readonly string[]): LoadedDriver {
  return { ok: false, problems };
}
