// SPDX-License-Identifier: GPL-2.0-only
/** Requests, answered: loads the driver, makes its scenarios, and judges or replays them, telling as it goes. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { loadSource, readKata } from '../../lib/kata/files';
import type { Explored } from '../../lib/kata/judge';
import type { Manifest } from '../../lib/kata/manifest';
import type { Scenario, Suite } from '../../lib/scenario/scenario';
import { UsageError } from '../../lib/machine';
import type { Judge, JudgeOptions } from './judge';
import type { JudgeMessage, JudgeRequest } from './judge-protocol';
import { replayCommand } from './print/replay-command';
import { hardenLibrary } from '../grade/sandbox/harden';
import { hideStacks } from '../grade/sandbox/hidden-stacks';
import type { Realm } from '../grade/sandbox/realm';
import { BEAT, chosen, frameName, told, withHeartbeat } from './scenario-runs';
import { mapStacks } from './source-lines';

export type Send = (message: JudgeMessage) => void;

/** What was made of a driver: its scenarios, or why there are none. */
type Loaded =
  { readonly scenarios: readonly Scenario[] } | { readonly problems: readonly string[] };

/** Answers one request after another; the requests of one judgement share the driver they load. */
export class Session {
  #key = '';
  #loaded: Loaded = { problems: [] };
  /** The failure that was explained last. Asked again, at another width or in full, it is the same object to the judge. */
  #explored: Explored | null = null;

  constructor(
    readonly judge: Judge,
    readonly send: Send,
    /** Where drivers are evaluated; null in tests, which know theirs. */
    readonly realm: Realm | null = null,
  ) {}

  /** Answers one request. Never throws: what goes wrong is part of the answer. */
  answer(request: JudgeRequest): void {
    if (request.warmUp === undefined) this.#judge(request);
    else this.#warmUp(request);
    this.send({ type: 'done' });
  }

  #judge(request: JudgeRequest): void {
    try {
      const scenarios = this.#prepare(request);
      if (scenarios !== null && request.namesOnly !== true) {
        judgeAll(this.#known(request), scenarios, this.judge, this.send);
      }
    } catch (error) {
      if (error instanceof UsageError) this.send({ type: 'usage', message: error.message });
      else this.send({ type: 'fault', scenario: request.scenario, ...told(error) });
    }
  }

  /** The request, with the failure that is known from before. */
  #known(request: JudgeRequest): JudgeRequest {
    const { explored } = request;
    if (explored === undefined) return request;
    if (!isDeepStrictEqual(explored, this.#explored)) this.#explored = explored;
    return { ...request, explored: this.#explored ?? explored };
  }

  #warmUp(request: JudgeRequest): void {
    try {
      const loaded = this.#load(request);
      if ('problems' in loaded) return;
      for (const scenario of chosen(request, loaded.scenarios)) {
        const options = optionsFor(request, scenario, undefined);
        const little = { brief: true, executionsMax: WARM_UP_EXECUTIONS };
        this.judge.explore(scenario, { ...options, ...little });
      }
    } catch {
      // A mistake in it is reported when it is judged.
    }
  }

  #prepare(request: JudgeRequest): readonly Scenario[] | null {
    const loaded = this.#load(request);
    if ('problems' in loaded) {
      this.send({ type: 'refused', problems: loaded.problems });
      return null;
    }
    const { scenarios } = loaded;
    this.send({
      type: 'suite',
      scenarios: scenarios.map(({ id, title, task, kind }) => ({ id, name: title, task, kind })),
    });
    return scenarios;
  }

  #load({ root, kata, shown, source, warmUp }: JudgeRequest): Loaded {
    const key = [root, kata, shown, source, warmUp].join('\0');
    if (key !== this.#key) {
      this.#key = '';
      this.#explored = null;
      this.#loaded = load({ root, kata, shown, source }, this.realm);
      this.#key = key;
    }
    return this.#loaded;
  }
}

/** Most scenarios have fewer, and the others are done with in a moment. */
const WARM_UP_EXECUTIONS = 200;

/** Makes a driver's scenarios; its file scope runs in the realm. */
export function load(
  { root, kata, source, shown }: Pick<JudgeRequest, 'root' | 'kata' | 'source' | 'shown'>,
  realm: Realm | null,
): Loaded {
  const { manifest } = readKata(path.join(root, 'katas', kata));
  if (realm !== null) hardenLibrary(realm);
  const loaded = loadSource(source, manifest, shown, realm?.evaluate);
  if (!loaded.ok) return { problems: loaded.problems };
  const suite = suiteOf(root, manifest, realm);
  try {
    return { scenarios: suite.scenarios(loaded.driver) };
  } catch (error) {
    const sentence = `the scenarios cannot use what this file exports: ${told(error).message}`;
    return { problems: [`${shown}:1:1: ${sentence}`] };
  }
}

/** The kata's scenarios as the build left them. */
function suiteOf(root: string, { id }: Manifest, realm: Realm | null): Suite<unknown> {
  const file = path.join(root, 'dist', 'katas', id, 'scenarios.js');
  if (realm === null) mapStacks(file);
  else hideStacks(file, realm);
  // A scenarios.ts exports its suite as default; the self-check runs every one of them.
  return (createRequire(__filename)(file) as { default: Suite<unknown> }).default;
}

function judgeAll(
  request: JudgeRequest,
  scenarios: readonly Scenario[],
  judge: Judge,
  send: Send,
): void {
  const { schedule, explored } = request;
  for (const scenario of chosen(request, scenarios)) {
    const explaining = explored !== undefined;
    send({ type: 'begin', scenario: scenario.id, ...(explaining ? { explaining } : {}) });
    const options = optionsFor(request, scenario, scenarios[0]);
    const watched = withHeartbeat(scenario, () => {
      send({ type: 'alive', scenario: scenario.id, executions: BEAT });
    });
    if (explored !== undefined) {
      send({ type: 'verdict', verdict: judge.explain(watched, explored, options) });
      return;
    }
    if (schedule === null) {
      const failing = (kind: string): void => {
        send({ type: 'failing', scenario: scenario.id, kind });
      };
      const { verdict, found } = judge.explore(watched, { ...options, failing });
      // What is brief is not explained.
      send({ type: 'verdict', verdict, ...(options.brief === true ? {} : { found }) });
      continue;
    }
    send({ type: 'replayed', report: judge.replay(watched, schedule, options) ?? '' });
    return;
  }
}

function optionsFor(
  { kata, shown, driverOption, full, brief = false, sample, width }: JudgeRequest,
  { id }: Scenario,
  first: Scenario | undefined,
): JudgeOptions {
  const scenario = id === first?.id ? null : id;
  return {
    command: (schedule) =>
      replayCommand({ number: kata.slice(0, 2), schedule, scenario, driverOption }),
    drivers: [frameName(shown)],
    full,
    brief,
    ...(sample === undefined ? {} : { sample }),
    ...(width === undefined ? {} : { width }),
  };
}
