// SPDX-License-Identifier: GPL-2.0-only
/** The folder of a batch. Some file systems let everything be looked at and nothing be made, so that only trying tells. */
import fs from 'node:fs';
import path from 'node:path';
import { codeOf } from '../../errno';
import { Refusal } from '../../kata/errors';

/** Makes a folder that can be written; a Refusal where there cannot be one. */
export function makeFolder(folder: string): void {
  try {
    makeLevels(folder);
    fs.rmdirSync(fs.mkdtempSync(path.join(folder, '.try-')));
  } catch (error) {
    throw new Refusal(`${folder} cannot be written (${codeOf(error)})`);
  }
}

/** Level by level: Node's recursive mkdir goes on for ever below /proc. */
function makeLevels(folder: string): void {
  if (fs.existsSync(folder)) return;
  if (path.dirname(folder) !== folder) makeLevels(path.dirname(folder));
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    // Somebody else may have made it just now: shares of one batch start together.
    if (!fs.existsSync(folder)) throw error;
  }
}
