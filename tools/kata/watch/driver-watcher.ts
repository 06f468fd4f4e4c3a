// SPDX-License-Identifier: GPL-2.0-only
/**
 * Watches a kata's driver through its folder, so that it makes no difference whether an editor writes the file, or writes
 * another and renames it, or takes the old one away first. What an event says is not believed; the file is read.
 */
import fs from 'node:fs';
import path from 'node:path';
import { type FSWatcher, watch } from 'chokidar';

/** Editors write more than once for one save; what comes within so many milliseconds is one. */
const SETTLE_MS = 5;

/** An empty file is more often half a save than a whim; so long it may stay empty unremarked. */
const EMPTY_MS = 150;

const POLL_MS = 100;

export interface WatchedFile {
  /** Absolute. */
  readonly file: string;
  /** Ask the file system again and again, where it tells nothing by itself. */
  readonly poll: boolean;
  /** The text, or null when there is no such file. Told at the beginning, and whenever it has changed. */
  readonly onText: (text: string | null) => void;
  /** Nothing will be told any more. */
  readonly onError: (error: Error) => void;
}

export class DriverWatcher {
  readonly #watched: WatchedFile;
  readonly #watcher: FSWatcher;
  #told: string | null | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(watched: WatchedFile) {
    this.#watched = watched;
    const { file, poll, onError } = watched;
    this.#watcher = watch(path.dirname(file), {
      depth: 0,
      ignoreInitial: true,
      usePolling: poll,
      interval: POLL_MS,
    });
    this.#watcher.on('all', (_event, changed) => {
      if (path.basename(changed) === path.basename(file)) this.#soon(SETTLE_MS);
    });
    this.#watcher.on('error', (error) => {
      onError(error instanceof Error ? error : new Error(String(error)));
    });
    this.#watcher.on('ready', () => {
      this.look();
    });
  }

  /** Tells the text if it has changed since it was told last: events may be lost between two of them. */
  look(): void {
    this.#tell(this.#read());
  }

  /** Tells the text, changed or not. */
  tellAgain(): void {
    this.#told = undefined;
    this.look();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#watcher.close();
  }

  #soon(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const text = this.#read();
      if (text === '' && ms < EMPTY_MS) this.#soon(EMPTY_MS);
      else this.#tell(text);
    }, ms);
  }

  #tell(text: string | null): void {
    if (this.#closed || text === this.#told) return;
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
