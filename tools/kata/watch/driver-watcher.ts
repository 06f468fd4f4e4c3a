// SPDX-License-Identifier: GPL-2.0-only
/**
 * Watches a kata's driver: the file system says when to look, and when it says nothing the file is looked at all the same, since
 * events get lost when an editor writes another file and renames it, or takes the old one away first. What an event says is not
 * believed; the file is read.
 */
import fs from 'node:fs';
import path from 'node:path';

/** Editors write more than once for one save; what comes within so many milliseconds is one. */
const SETTLE_MS = 5;

/** An empty file is more often half a save than a whim; so long it may stay empty unremarked. */
const EMPTY_MS = 150;

/** A driver is a few kilobytes: reading it ten times a second costs nothing that could be noticed. */
const LOOK_MS = 100;

export interface WatchedFile {
  /** Absolute. */
  readonly file: string;
  /** Do not ask the file system to tell: some cannot, and some machines have no watches left. */
  readonly poll: boolean;
  /** The text, or null when there is no such file. Told at the beginning, and whenever it has changed. */
  readonly onText: (text: string | null) => void;
}

export class DriverWatcher {
  readonly #watched: WatchedFile;
  readonly #events: fs.FSWatcher | null;
  readonly #looking: NodeJS.Timeout;
  #told: string | null | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(watched: WatchedFile) {
    this.#watched = watched;
    this.#events = watched.poll ? null : this.#listen();
    this.#looking = setInterval(() => {
      if (this.#timer === undefined && this.#read() !== this.#told) this.#soon(SETTLE_MS);
    }, LOOK_MS);
    this.#soon(0);
  }

  /** Tells the text, changed or not. */
  tellAgain(): void {
    this.#told = undefined;
    this.#tell(this.#read());
  }

  close(): void {
    this.#events?.close();
    clearInterval(this.#looking);
    clearTimeout(this.#timer);
  }

  /** Listens to the folder, whose events outlive the file. */
  #listen(): fs.FSWatcher | null {
    try {
      const events = fs.watch(path.dirname(this.#watched.file), () => {
        this.#soon(SETTLE_MS);
      });
      return events.on('error', () => undefined); // looking goes on
    } catch {
      return null;
    }
  }

  #soon(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const text = this.#read();
      if (text === '' && ms < EMPTY_MS) this.#soon(EMPTY_MS);
      else this.#tell(text);
    }, ms);
  }

  #tell(text: string | null): void {
    if (text === this.#told) return;
    this.#told = text;
    this.#watched.onText(text);
  }

  #read(): string | null {
    try {
      return fs.readFileSync(this.#watched.file, 'utf8');
    } catch {
      return null;
    }
  }
}
