// SPDX-License-Identifier: GPL-2.0-only
/**
 * What is known of mutants already. A line is added for each as soon as it is judged, so that an interrupted run continues where it
 * was; what was judged by other scenarios or another library has another key.
 */
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { sha256 } from '../answers/text';
import type { Outcome } from './judge-mutant';

/** Outcomes by key, in a file. */
export class Cache {
  readonly #file: string;
  readonly #context: string;
  readonly #known = new Map<string, Outcome>();

  /** `context` is the digest of all that an outcome depends on besides the mutant. */
  constructor(file: string, context: string) {
    this.#file = file;
    this.#context = context;
    if (!fs.existsSync(file)) return;
    for (const line of fs.readFileSync(file, 'utf8').split('\n')) this.#read(line);
  }

  #read(line: string): void {
    try {
      const { key, outcome } = JSON.parse(line) as { key: string; outcome: Outcome }; // as add() writes them
      this.#known.set(key, outcome);
    } catch {
      // A last line that was cut off when the program was ended is as good as none.
    }
  }

  /** The outcome of a mutant with that meaning, if it is known. */
  get(meaning: string): Outcome | null {
    return this.#known.get(this.#key(meaning)) ?? null;
  }

  /** Records an outcome. */
  add(meaning: string, outcome: Outcome): void {
    const key = this.#key(meaning);
    this.#known.set(key, outcome);
    fs.mkdirSync(path.dirname(this.#file), { recursive: true });
    fs.appendFileSync(this.#file, `${JSON.stringify({ key, outcome })}\n`);
  }

  #key(meaning: string): string {
    return sha256(`${this.#context}\n${meaning}`);
  }
}

/** The digest of all files below some folders. A comment in a source changes nothing. */
export function digestOf(paths: readonly string[]): string {
  return sha256(
    paths
      .flatMap(filesBelow)
      .map((file) => sha256(codeOf(file, fs.readFileSync(file, 'utf8'))))
      .join(),
  );
}

const printer = ts.createPrinter({ removeComments: true });

function codeOf(file: string, text: string): string {
  if (!file.endsWith('.ts')) return text;
  return printer.printFile(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, false));
}

function filesBelow(file: string): string[] {
  if (!fs.statSync(file).isDirectory()) return [file];
  return fs
    .readdirSync(file)
    .sort()
    .filter((name) => !/\.(map|test\.ts)$/.test(name))
    .flatMap((name) => filesBelow(path.join(file, name)));
}
