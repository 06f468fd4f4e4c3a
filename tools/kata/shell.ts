// SPDX-License-Identifier: GPL-2.0-only
/** What a command knows of the world it is run in, and how it names files there. */
import fs from 'node:fs';
import path from 'node:path';
import { Refusal } from './errors';
import type { Style } from './print/style';
import { reason } from '../errno';

export interface Shell {
  readonly root: string;
  readonly cwd: string;
  /** The folder of the state file; `.kata` in the repository unless KATA_HOME names another. */
  readonly home?: string;
  /** Name and version of this tool, for documents. */
  readonly tool: string;
  readonly style: Style;
  /** Characters of a line of output; 100 where nobody looks. */
  readonly width?: number;
  /** To standard output. */
  readonly write: (text: string) => void;
  /** To standard error. */
  readonly complain: (text: string) => void;
  /** Somebody who looks and can answer; nobody in a pipe or on CI. */
  readonly terminal?: Terminal;
}

/** A person at a terminal. */
export interface Terminal {
  readonly columns: () => number;
  /** A question to be answered with yes or no. */
  readonly confirm: (question: string) => Promise<boolean>;
}

/** A file of the repository as messages name it: from where the user stands. */
export function shownPath(cwd: string, file: string): string {
  return slashes(path.relative(cwd, file));
}

function slashes(file: string): string {
  return file.split(path.sep).join('/');
}

/** A driver file: where it is, and how messages name it. */
export interface DriverFile {
  readonly file: string;
  readonly shown: string;
}

/** The file that --driver names, kept as it was typed. */
export function givenDriver(cwd: string, typed: string): DriverFile {
  const shown = slashes(path.normalize(typed));
  return existing({ file: path.resolve(cwd, typed), shown }, `--driver ${typed}`, '');
}

/** The own driver of the kata with this number. */
export function ownDriver(cwd: string, file: string, number: string): DriverFile {
  const shown = shownPath(cwd, file);
  return existing({ file, shown }, shown, `; npx kata reset ${number} brings the port back`);
}

function existing(driver: DriverFile, name: string, help: string): DriverFile {
  const stat = statOf(driver.file, name);
  if (stat === undefined) throw new Refusal(`${name}: there is no such file${help}`);
  if (stat.isDirectory()) {
    const instead = help === '' ? '; name the driver file in it' : ', and the driver belongs here';
    throw new Refusal(`${name}: this is a directory${instead}`);
  }
  if (!stat.isFile()) throw new Refusal(`${name}: not a regular file`);
  return driver;
}

/** Nothing where there is no file; a Refusal where nobody can look. */
function statOf(file: string, name: string): fs.Stats | undefined {
  try {
    return fs.statSync(file, { throwIfNoEntry: false });
  } catch (error) {
    throw new Refusal(`${name}: ${reason(error, 'read')}; name the driver file itself`);
  }
}
