// SPDX-License-Identifier: GPL-2.0-only
/** One judgement of one driver: which scenarios are still to be judged, and what was heard of the others. */
import type { Explored } from '../../lib/kata/judge';
import { Fault } from './errors';
import type { Ending, JudgeProcess } from './judge-process';
import type { JudgeMessage, JudgeRequest } from './judge-protocol';

/** What was heard of a driver. */
export interface Answers {
  readonly messages: readonly JudgeMessage[];
  readonly ending: Ending;
  /** The scenario that never finished; null if all did, or if not even the file's own code did. */
  readonly stuck: string | null;
}

/** One judgement: the scenarios that are left, and what was heard so far. */
export class Round {
  readonly #messages: JudgeMessage[] = [];
  #left: string[] = [];
  /** The scenarios that fail, by id, and what there is to explain. */
  readonly #fails = new Map<string, Explored>();
  #suite: readonly string[] = [];
  #open = 0;
  #ending: Ending = 'done';
  #stuck: string | null = null;
  #wake: () => void = () => undefined;

  constructor(
    readonly request: JudgeRequest,
    readonly first: readonly string[],
    readonly took: Map<string, number>,
    readonly onMessage: (message: JudgeMessage) => void,
  ) {}

  /** Learns which scenarios there are; false if there is nothing to judge, or it was ended before it began. */
  async open(process: JudgeProcess): Promise<boolean> {
    if (this.#ending !== 'done') return false;
    const request = { ...this.request, namesOnly: true };
    const ending = await answered(process, request, NAMING, (message) => {
      this.#hear(message);
      if (message.type === 'suite' && this.#ending === 'done') {
        this.#suite = message.scenarios.map(({ id }) => id);
        this.#left = this.#ordered(this.#suite);
      }
    });
    if (ending !== 'done') this.end(ending, null);
    return this.#left.length > 0;
  }

  /** Judges what is left, one scenario after another. */
  async work(process: JudgeProcess): Promise<void> {
    for (let id = this.#left.shift(); id !== undefined; id = this.#left.shift()) {
      this.#open++;
      const began = performance.now();
      const explored = this.#fails.get(id);
      const request = { ...this.request, scenario: id, ...(explored ? { explored } : {}) };
      const ending = await answered(process, request, JUDGING, (message) => {
        if (message.type !== 'suite') this.#hear(message);
      });
      this.#open--;
      if (explored === undefined) this.took.set(this.#key(id), performance.now() - began);
      if (ending !== 'done') this.end(ending, id);
    }
    if (this.#open === 0) this.#wake();
  }

  /** Hands out scenarios to explain: the first that fail, as far as their reports are wanted; false if there is nothing. */
  explain(): boolean {
    if (this.#ending !== 'done') return false;
    const fails = this.#suite.filter((id) => this.#fails.has(id));
    this.#left = fails.slice(0, this.request.reports ?? fails.length);
    return this.#left.length > 0;
  }

  /** Hands out nothing more. */
  end(ending: Ending, stuck: string | null): void {
    this.#left = [];
    if (this.#ending !== 'done') return;
    this.#ending = ending;
    this.#stuck = stuck;
  }

  /** Resolves when nothing is left to judge, and after so many milliseconds in any case. */
  over(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      const before = this.#wake;
      this.#wake = () => {
        clearTimeout(timer);
        before();
        resolve();
      };
    });
  }

  answers(): Answers {
    return { messages: this.#messages, ending: this.#ending, stuck: this.#stuck };
  }

  #hear(message: JudgeMessage): void {
    if (message.type !== 'alive') this.#messages.push(message);
    if (message.type === 'verdict' && message.found) {
      this.#fails.set(message.verdict.id, { verdict: message.verdict, found: message.found });
    }
    this.onMessage(message);
  }

  #ordered(ids: readonly string[]): string[] {
    const { scenario } = this.request;
    // One that does not exist is asked for all the same: the answer says so.
    if (scenario !== null) return [scenario];
    const preferred = this.first.filter((id) => ids.includes(id));
    const took = (id: string): number => this.took.get(this.#key(id)) ?? 0;
    const others = ids.filter((id) => !preferred.includes(id));
    return [...preferred, ...others.sort((a, b) => took(b) - took(a))];
  }

  #key(scenario: string): string {
    return `${this.request.kata}/${scenario}`;
  }
}

type Kinds = ReadonlySet<JudgeMessage['type']>;

/** What answers a question for the names of scenarios, and one for a judgement. */
const NAMING: Kinds = new Set(['suite', 'refused', 'usage', 'fault']);
const JUDGING: Kinds = new Set(['verdict', 'refused', 'usage', 'fault']);

/** Asks a process; that it says nothing to the question must never look as if all were well. */
async function answered(
  process: JudgeProcess,
  request: JudgeRequest,
  answers: Kinds,
  onMessage: (message: JudgeMessage) => void,
): Promise<Ending> {
  const heard = new Set<string>();
  const ending = await process.ask(request, (message) => {
    if (answers.has(message.type)) heard.add(message.type);
    onMessage(message);
  });
  if (ending === 'done' && heard.size === 0) throw new Fault('the judging process gave no answer');
  return ending;
}
