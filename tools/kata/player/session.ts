// SPDX-License-Identifier: GPL-2.0-only
/** The questions, answered: one driver, one of its scenarios, and any execution of that. */
import fs from 'node:fs';
import path from 'node:path';
import { judgeScenario } from '../../../lib/kata/judge';
import { look, reportAt, shortest } from '../../../lib/kata/look';
import type { Scenario } from '../../../lib/scenario/scenario';
import { traceScenario } from '../../../lib/kata/trace';
import { UsageError } from '../../../lib/machine';
import { type FrameRules, parseStack, shortFile, writeTrace } from '../../../lib/report';
import type { Realm } from '../../grade/sandbox/realm';
import type { JudgeRequest } from '../judge-protocol';
import { load } from '../judge-session';
import { replayCommand } from '../print/replay-command';
import { BEAT, chosen, frameName, told, withHeartbeat } from '../scenario-runs';
import { suiteFiles } from '../suite-files';
import type { Opened, Opening, Question, Questions, Reply, TraceText } from './protocol';

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
    const what = schedule === null ? this.#worthTracing(request) : this.#asked(request, schedule);
    const { scenario } = what;
    const traced = traceScenario(scenario, what.schedule, { frames: framesOf(request) });
    const text = writeTrace({ ...traced, title: `${request.kata}, ${traced.title}` }, format);
    return { text, scenario: scenario.id, schedule: what.schedule, chosen: what.chosen };
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
      const { failure, status } = judgeScenario(this.#watched(scenario));
      if (failure !== undefined) {
        return { scenario, schedule: failure.schedule, chosen: 'shortest failure' };
      }
      proven &&= status === 'pass';
    }
    const { scenario } = this.#played();
    return { scenario, schedule: '', chosen: proven ? 'holds' : 'nothing proven' };
  }
}

interface Traceable {
  readonly scenario: Scenario;
  readonly schedule: string;
  readonly chosen: TraceText['chosen'];
}

function framesOf({ shown }: JudgeRequest): FrameRules {
  return { drivers: [frameName(shown)] };
}

/** The driver, the scenarios and their world by the names places have for them. */
function sourcesOf(request: JudgeRequest): Opened['sources'] {
  const { root, kata, source } = request;
  const lines = (text: string): string[] => text.split(/\r?\n/);
  const [frame] = parseStack(`at f (${frameName(request.shown)}:1:1)`);
  const files = suiteFiles(path.join(root, 'katas', kata, 'scenarios.ts'));
  return {
    ...Object.fromEntries(
      files.map((file) => [shortFile(file), lines(fs.readFileSync(file, 'utf8'))]),
    ),
    ...(frame === undefined ? {} : { [frame.file]: lines(source) }),
  };
}
