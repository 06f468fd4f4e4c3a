// SPDX-License-Identifier: GPL-2.0-only
/** The questions, answered: one driver, one of its scenarios, and any execution of that. */
import fs from 'node:fs';
import path from 'node:path';
import { judgeScenario } from '../../../lib/kata/judge';
import { look, reportAt, shortest } from '../../../lib/kata/look';
import type { Scenario } from '../../../lib/scenario/scenario';
import { traceScenario } from '../../../lib/kata/trace';
import { UsageError } from '../../../lib/machine';
import {
  executionOf,
  type FrameRules,
  parseStack,
  shortFile,
  type Traced,
  writeTrace,
} from '../../../lib/report';
import type { Realm } from '../../grade/sandbox/realm';
import type { JudgeRequest } from '../judge-protocol';
import { load } from '../judge-session';
import { replayCommand } from '../print/replay-command';
import { BEAT, chosen, frameName, told, withHeartbeat } from '../scenario-runs';
import { suiteFiles } from '../suite-files';
import type {
  Chosen,
  Opened,
  Opening,
  Question,
  Questions,
  Reply,
  TraceData,
  TraceText,
} from './protocol';

/** What a driver was refused for. */
class Refused extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems[0] ?? '');
  }
}

export class PlayerSession {
  #request: JudgeRequest | null = null;
  #scenarios: readonly Scenario[] = [];
  #scenario: Scenario | null = null;

  constructor(
    readonly send: (reply: Reply) => void,
    /** Where drivers are evaluated; null in tests, which know theirs. */
    readonly realm: Realm | null = null,
  ) {}

  /** Answers one question. Never throws: what goes wrong is an answer too. */
  answer(question: Question): void {
    try {
      this.send({ type: 'answer', answer: this.#answer(question) });
    } catch (error) {
      if (error instanceof Refused) this.send({ type: 'refused', problems: error.problems });
      else if (error instanceof UsageError) this.send({ type: 'usage', message: error.message });
      else this.send({ type: 'fault', ...told(error) });
    }
  }

  #answer(question: Question): Questions[Question['topic']]['answer'] {
    if (question.topic === 'open') return this.#open(question.asked);
    const { request, scenario, frames } = this.#played();
    switch (question.topic) {
      case 'look':
        return look(scenario, question.asked, frames);
      case 'report':
        return reportAt(scenario, question.asked, frames, (schedule) =>
          this.#command(request, scenario, schedule),
        );
      case 'shortest':
        return shortest(this.#watched(scenario), question.asked, frames);
      case 'trace':
        return this.#trace(request, question.asked);
      case 'execution':
        return this.#execution(request, question.asked.schedule);
    }
  }

  #played(): { request: JudgeRequest; scenario: Scenario; frames: FrameRules } {
    const request = this.#request;
    const scenario = this.#scenario;
    if (request === null || scenario === null) throw new Error('player: nothing was opened');
    return { request, scenario, frames: framesOf(request) };
  }

  #open({ request, preferred }: Opening): Opened {
    const loaded = load(request, this.realm);
    if ('problems' in loaded) throw new Refused(loaded.problems);
    const { scenarios } = loaded;
    const wanted = request.scenario === null ? scenarios : chosen(request, scenarios);
    const scenario = wanted.find(({ id }) => preferred.includes(id)) ?? wanted[0];
    if (scenario === undefined) throw new UsageError('this kata has no scenarios');
    this.#request = request;
    this.#scenarios = scenarios;
    this.#scenario = scenario;
    return {
      scenario: scenario.id,
      title: scenario.title,
      command: this.#command(request, scenario, 'SCHEDULE'),
      sources: sourcesOf(request),
    };
  }

  #command({ kata, driverOption }: JudgeRequest, { id }: Scenario, schedule: string): string {
    const scenario = id === this.#scenarios[0]?.id ? null : id;
    return replayCommand({ number: kata.slice(0, 2), schedule, scenario, driverOption });
  }

  #watched(scenario: Scenario): Scenario {
    return withHeartbeat(scenario, () => {
      this.send({ type: 'alive', scenario: scenario.id, executions: BEAT });
    });
  }

  #trace(request: JudgeRequest, { schedule, format }: Questions['trace']['asked']): TraceText {
    const { traced, scenario, ...what } = this.#traced(request, schedule);
    return { ...what, scenario: scenario.id, text: writeTrace(traced, format, request.width) };
  }

  #execution(request: JudgeRequest, wanted: string | null): TraceData {
    const { traced, scenario, schedule, chosen, report } = this.#traced(request, wanted);
    const execution = executionOf(traced, {
      schedule,
      sources: driverFirst(sourcesOf(request), shownFile(request)),
      command: this.#command(request, scenario, schedule),
      ...(report === undefined ? {} : { report }),
    });
    return { execution, scenario: scenario.id, schedule, chosen };
  }

  #traced(request: JudgeRequest, wanted: string | null): Traceable & { readonly traced: Traced } {
    const what = wanted === null ? this.#worthTracing(request) : this.#asked(request, wanted);
    const { scenario, schedule } = what;
    const traced = traceScenario(scenario, schedule, { frames: framesOf(request) });
    return { ...what, traced: { ...traced, title: `${request.kata}, ${traced.title}` } };
  }

  #asked(request: JudgeRequest, schedule: string): Traceable {
    const [scenario] = chosen({ ...request, schedule }, this.#scenarios);
    if (scenario === undefined) throw new UsageError('this kata has no scenarios');
    return { scenario, schedule, chosen: 'asked' };
  }

  /** The shortest failure of the first scenario that has one; an execution that passes if there is none. */
  #worthTracing(request: JudgeRequest): Traceable {
    const scenarios = chosen(request, this.#scenarios);
    let proven = true;
    for (const scenario of scenarios) {
      const { failure, status } = judgeScenario(this.#watched(scenario), {
        frames: framesOf(request),
        command: (_, schedule) => this.#command(request, scenario, schedule),
      });
      if (failure !== undefined) {
        const { schedule, report } = failure;
        return { scenario, schedule, chosen: 'shortest failure', report };
      }
      proven &&= status === 'pass';
    }
    const { scenario } = this.#played();
    return { scenario, schedule: '', chosen: proven ? 'holds' : 'nothing proven' };
  }
}

interface Traceable extends Omit<Chosen, 'scenario'> {
  readonly scenario: Scenario;
  /** The report of a failure that was searched for: it says how far. */
  readonly report?: string;
}

function framesOf({ shown }: JudgeRequest): FrameRules {
  return { drivers: [frameName(shown)] };
}

/** The driver, the scenarios and their world by the names places have for them. */
function sourcesOf(request: JudgeRequest): Opened['sources'] {
  const { root, kata, source } = request;
  const lines = (text: string): string[] => text.split(/\r?\n/);
  const driver = shownFile(request);
  const files = suiteFiles(path.join(root, 'katas', kata, 'scenarios.ts'));
  return {
    ...Object.fromEntries(
      files.map((file) => [shortFile(file), lines(fs.readFileSync(file, 'utf8'))]),
    ),
    ...(driver === null ? {} : { [driver]: lines(source) }),
  };
}

/** The name of the driver in places. */
function shownFile({ shown }: JudgeRequest): string | null {
  const [frame] = parseStack(`at f (${frameName(shown)}:1:1)`);
  return frame?.file ?? null;
}

function driverFirst(sources: Opened['sources'], driver: string | null): Opened['sources'] {
  const text = driver === null ? undefined : sources[driver];
  return driver === null || text === undefined ? sources : { [driver]: text, ...sources };
}
