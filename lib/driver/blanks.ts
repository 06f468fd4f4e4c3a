// SPDX-License-Identifier: GPL-2.0-only
/** A text in which stretches become blank and single characters are replaced, so that nothing in it moves. */

/** The text, as it is being blanked. Offsets are those of the original. */
export class Blanks {
  readonly #original: string;
  readonly #blank: (readonly [start: number, end: number])[] = [];
  readonly #put = new Map<number, string>();

  constructor(text: string) {
    this.#original = text;
  }

  /** The text as it has become. */
  text(): string {
    const characters = this.#original.split('');
    for (const [start, end] of this.#blank)
      for (let at = start; at < end; at++)
        if (characters[at] !== '\n' && characters[at] !== '\r') characters[at] = ' ';
    for (const [at, character] of this.#put) characters[at] = character;
    return characters.join('');
  }

  /** Blanks from `start` up to `end`; line ends stay. */
  blank(start: number, end: number): void {
    this.#blank.push([start, end]);
  }

  /** Puts a character in the place of another, even where that is blanked. */
  put(at: number, character: string): void {
    this.#put.set(at, character);
  }

  /** Blanks the first such text between two offsets. */
  blankFirst(wanted: string, start: number, end: number): void {
    const at = this.find(wanted, start, end);
    this.blank(at, at + wanted.length);
  }

  /** Where a text begins between two offsets, outside of comments. */
  find(wanted: string, start: number, end: number): number {
    let at = this.#skip(start);
    while (at < end && !this.#original.startsWith(wanted, at)) at = this.#skip(at + 1);
    if (at < end) return at;
    throw new Error(`driver: no '${wanted}' where the parser has seen one`);
  }

  /** Behind the comma that follows an offset; the offset itself if none does. */
  commaAfter(offset: number): number {
    const at = this.#skip(offset);
    return this.#original[at] === ',' ? at + 1 : offset;
  }

  /** Would the expression before this offset go on with what follows it? */
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
