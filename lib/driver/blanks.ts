// SPDX-License-Identifier: GPL-2.0-only
/** Blanks parts of a text and replaces single characters, so that all other characters keep their offsets. */

/** The text that is being blanked. Offsets are those of the original. */
export class Blanks {
  readonly #original: string;
  readonly #blank: (readonly [start: number, end: number])[] = [];
  readonly #put = new Map<number, string>();

  constructor(text: string) {
    this.#original = text;
  }

  /** The resulting text. */
  text(): string {
    const characters = this.#original.split('');
    for (const [start, end] of this.#blank)
      for (let at = start; at < end; at++)
        if (characters[at] !== '\n' && characters[at] !== '\r') characters[at] = ' ';
    for (const [at, character] of this.#put) characters[at] = character;
    return characters.join('');
  }

  /** Blanks from `start` up to `end`, but keeps line ends. */
  blank(start: number, end: number): void {
    this.#blank.push([start, end]);
  }

  /** Replaces one character, even where the text is blanked. */
  put(at: number, character: string): void {
    this.#put.set(at, character);
  }

  /** Blanks the first occurrence of a text between two offsets. */
  blankFirst(wanted: string, start: number, end: number): void {
    const at = this.find(wanted, start, end);
    this.blank(at, at + wanted.length);
  }

  /** The offset of a text between two offsets, outside of comments. */
  find(wanted: string, start: number, end: number): number {
    let at = this.#skip(start);
    while (at < end && !this.#original.startsWith(wanted, at)) at = this.#skip(at + 1);
    if (at < end) return at;
    throw new Error(`driver: no '${wanted}' where the parser found one`);
  }

  /** The offset after the comma that follows; the offset itself if there is none. */
  commaAfter(offset: number): number {
    const at = this.#skip(offset);
    return this.#original[at] === ',' ? at + 1 : offset;
  }

  /** Would JavaScript join the expression before this offset with the text after it? */
  goesOn(offset: number): boolean {
    return /^(?:[([`.,?:=+\-*/%&|^<>]|!=|in\b|instanceof\b)/.test(
      this.#original.slice(this.#skip(offset)),
    );
  }

  /** The first offset from here on that is neither blank nor in a comment. */
  #skip(offset: number): number {
    BLANKS.lastIndex = offset;
    BLANKS.exec(this.#original);
    return BLANKS.lastIndex;
  }
}

const BLANKS = /(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;
