// SPDX-License-Identifier: GPL-2.0-only
/** The engine, as pages use it: a worker that is started when it is first needed, and again after a question was given up. */
import {
  type Engine,
  Misfit,
  type Progress,
  type Questions,
  RefusedDriver,
  type Reply,
  type Topic,
} from './protocol';
import type { KataData } from './suites';
import type { Sent } from './worker';

interface Asked {
  readonly topic: Topic;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
  readonly progress: ((progress: Progress) => void) | undefined;
}

/** An engine for one site; `kataData` fetches what it must know of a kata. */
export class WorkerEngine implements Engine {
  #worker: Worker | null = null;
  #next = 0;
  readonly #asked = new Map<number, Asked>();
  readonly #known = new Set<string>();
  /** The driver to open again in a new worker. */
  #last: Questions['open']['asked'] | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  /** Counts the workers given up, so that what waits for one of them ends. */
  #age = 0;

  constructor(readonly kataData: (kata: string) => Promise<KataData>) {}

  ask<T extends Topic>(
    topic: T,
    asked: Questions[T]['asked'],
    progress?: (progress: Progress) => void,
  ): Promise<Questions[T]['answer']> {
    const age = this.#age;
    const answer = this.#queue.then(async () => {
      if (age !== this.#age) throw given();
      if ('driver' in asked) this.#last = asked; // only what opens a driver has one
      const worker = await this.#ready(topic !== 'open');
      if (age !== this.#age) throw given();
      return this.#post(worker, topic, asked, progress);
    });
    this.#queue = answer.catch(() => undefined);
    return answer;
  }

  cancel(): void {
    this.#age++;
    this.#worker?.terminate();
    this.#worker = null;
    this.#known.clear();
    for (const { reject } of this.#asked.values()) reject(given());
    this.#asked.clear();
  }

  /** A worker that knows the kata, with its driver open if it must be. */
  async #ready(reopen: boolean): Promise<Worker> {
    const fresh = this.#worker === null;
    const worker = this.#worker ?? this.#start();
    const last = this.#last;
    if (last === null) return worker;
    if (!this.#known.has(last.kata)) {
      const data = await this.kataData(last.kata);
      if (worker !== this.#worker) throw given();
      this.#known.add(last.kata);
      worker.postMessage({ type: 'kata', data } satisfies Sent);
    }
    if (fresh && reopen) await this.#post(worker, 'open', last);
    return worker;
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
      this.#hear(data);
    });
    worker.addEventListener('error', ({ message }) => {
      if (worker !== this.#worker) return;
      const asked = [...this.#asked.values()];
      this.cancel();
      for (const { reject } of asked) reject(new Error(`the engine failed: ${message}`));
    });
    this.#worker = worker;
    return worker;
  }

  #post<T extends Topic>(
    worker: Worker,
    topic: T,
    asked: Questions[T]['asked'],
    progress?: (progress: Progress) => void,
  ): Promise<Questions[T]['answer']> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { topic, resolve, reject, progress });
      worker.postMessage({ type: 'ask', id, topic, asked });
    });
  }

  #hear(reply: Reply): void {
    const asked = this.#asked.get(reply.id);
    if (asked === undefined) return;
    if (reply.type === 'progress') {
      asked.progress?.(reply.progress);
      return;
    }
    this.#asked.delete(reply.id);
    switch (reply.type) {
      case 'answer':
        asked.resolve(reply.answer as never); // the worker answers what was asked
        return;
      case 'refused':
        asked.reject(new RefusedDriver(reply.problems));
        return;
      case 'usage':
        asked.reject(new Misfit(reply.message));
        return;
      case 'fault':
        asked.reject(new Error(reply.message));
    }
  }
}

function given(): Error {
  return new DOMException('the question was given up', 'AbortError');
}
