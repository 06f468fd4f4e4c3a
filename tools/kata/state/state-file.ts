// SPDX-License-Identifier: GPL-2.0-only
/**
 * `.kata/state.txt` on disk. It is written as a whole and atomically. Nothing that can be wrong with it stops a command: a damaged
 * file is set aside, one that cannot be read or written costs a sentence, and what it said is found again by judging.
 */
import fs from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { codeOf, reason } from '../../errno';
import { type Fact, type Facts, formatFacts, parseFacts, withFact } from './facts';

const NAME = 'state.txt';
const BYTES_MAX = 1 << 20;

export class StateFile {
  readonly #file: string;
  #said = new Set<string>();

  /** `complain` is given whole lines. */
  constructor(
    readonly home: string,
    readonly complain: (text: string) => void,
  ) {
    this.#file = path.join(home, NAME);
  }

  /** What is remembered; nothing if there is no file, or none that can be used. */
  read(): Facts {
    const text = this.#text();
    if (text === null) return [];
    const parsed = parseFacts(text);
    if ('facts' in parsed) return parsed.facts;
    this.#setAside(parsed.damaged);
    return [];
  }

  /** Remembers one thing more. */
  add(...added: readonly Fact[]): void {
    const before = this.read();
    const text = formatFacts(added.reduce<Facts>(withFact, before));
    if (text === formatFacts(before) && fs.existsSync(this.#file)) return;
    try {
      makeFolder(this.home);
      writeFileAtomic.sync(this.#file, text);
    } catch (error) {
      const elsewhere = 'KATA_HOME=FOLDER keeps it elsewhere';
      this.#say(`progress is not saved: ${this.#file} ${reason(error, 'written')}; ${elsewhere}`);
    }
  }

  #text(): string | null {
    try {
      const stat = fs.statSync(this.#file);
      // To read a named pipe would be to wait for somebody who writes to it.
      if (!stat.isFile() && !stat.isDirectory()) return 'not a regular file';
      if (stat.size > BYTES_MAX) return `over ${BYTES_MAX} bytes`;
      return fs.readFileSync(this.#file, 'utf8');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      this.#say(`${this.#file} ${reason(error, 'read')}: going on without what it remembers`);
      return null;
    }
  }

  #setAside(line: string): void {
    const aside = unused(this.home);
    const what = `${this.#file} is damaged ("${printable(line)}")`;
    try {
      fs.renameSync(this.#file, aside);
      this.#say(`${what}; it is kept as ${aside}, and progress is found again by judging`);
    } catch (error) {
      this.#say(`${what} and ${reason(error, 'set aside')}: going on without what it remembers`);
    }
  }

  #say(sentence: string): void {
    if (!this.#said.has(sentence)) this.complain(`kata: ${sentence}\n`);
    this.#said.add(sentence);
  }
}

/** Makes a folder and those around it. Node's own `recursive` never returns where a folder is that takes no other, as /proc. */
function makeFolder(folder: string): void {
  if (fs.existsSync(folder)) return;
  const around = path.dirname(folder);
  if (around !== folder) makeFolder(around);
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    if (!fs.existsSync(folder)) throw error; // another command may have made it just now
  }
}

/** A name that no damaged file has yet. */
function unused(home: string): string {
  for (let n = 1; ; n++) {
    const file = path.join(home, `state.damaged-${n}.txt`);
    if (!fs.existsSync(file)) return file;
  }
}

function printable(line: string): string {
  // eslint-disable-next-line no-control-regex -- a damaged file may hold anything
  return line.slice(0, 40).replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
}
