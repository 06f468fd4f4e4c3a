// SPDX-License-Identifier: GPL-2.0-only
/**
 * The verdicts of `kata test`, printed as they become known: a line per scenario, in the order of the suite. The whole text begins
 * with these lines, so the output is the same whichever verdict is known first. Every line is finished: the line of progress that
 * follows it on a terminal takes away what stands in its place.
 */
import type { TestVerdict } from '../../../lib/kata/verdict';
import type { JudgeMessage } from '../judge-protocol';
import { headingOf, scenarioLines } from './judgement';
import type { Style } from './style';

/** What is judged. */
export interface Judged {
  readonly kata: string;
  readonly title: string;
  /** Only this scenario. */
  readonly scenario: string | null;
}

export class AsJudged {
  readonly #known = new Map<string, TestVerdict>();
  #waiting: string[] = [];
  #told = '';

  constructor(
    readonly judged: Judged,
    readonly style: Style,
    readonly write: (text: string) => void,
  ) {}

  /** Tells the scenarios whose turn has come. */
  see(message: JudgeMessage, driver: string): void {
    const { scenario } = this.judged;
    if (message.type === 'suite') {
      const all = message.scenarios.map(({ id }) => id);
      this.#waiting = all.filter((id) => scenario === null || id === scenario);
    }
    if (message.type !== 'verdict') return;
    this.#known.set(message.verdict.id, message.verdict);
    for (let next = this.#next(); next !== null; next = this.#next()) this.#tell(next, driver);
  }

  /** The rest of a text of which the beginning has been told. */
  finish(whole: string): void {
    const follows = whole.startsWith(this.#told);
    this.write(follows ? whole.slice(this.#told.length) : `\n${whole}`);
  }

  #next(): TestVerdict | null {
    const verdict = this.#known.get(this.#waiting[0] ?? '') ?? null;
    if (verdict !== null) this.#waiting.shift();
    return verdict;
  }

  #tell(verdict: TestVerdict, driver: string): void {
    const heading = headingOf({ ...this.judged, driver }, this.style);
    const head = this.#told === '' ? `${heading}\n\n` : '';
    const text = `${head}${scenarioLines([verdict], this.style).join('\n')}\n`;
    this.#told += text;
    this.write(text);
  }
}
