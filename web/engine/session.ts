// SPDX-License-Identifier: GPL-2.0-only
/** Questions, answered with the judge of the terminal. Loaded once the realm is locked. */
import { formatSchedule, parseSchedule, scheduleOf, type Turn, turnsOf } from '../../lib/explore';
import { judgeScenario } from '../../lib/kata/judge';
import { look, shortest } from '../../lib/kata/look';
import { traceScenario } from '../../lib/kata/trace';
import { hiddenStacks, UsageError } from '../../lib/machine';
import { executionOf, shortFile } from '../../lib/report';
import type { Scenario } from '../../lib/scenario/scenario';
import { hardenLibrary } from '../../tools/grade/sandbox/harden';
import { chosen, frameName, told } from '../../tools/kata/scenario-runs';
import { stackLines } from '../../tools/kata/stack-lines';
import { judgeDriver, optionsFor } from './judge';
import { type Host, openDriver, type OpenDriver, Refused } from './open';
import type { Question, Questions, Reply, ShortestFailure, Standing, Topic } from './protocol';
import type { KataData } from './suites';

type Answer<T extends Topic> = Questions[T]['answer'];

export class Session {
  readonly #katas = new Map<string, KataData>();
  #open: OpenDriver | null = null;

  constructor(
    readonly host: Host,
    readonly send: (reply: Reply) => void,
  ) {
    hardenLibrary(host.realm);
    host.realm.errors.prepareStackTrace = hiddenStacks((sites) => stackLines(sites, ownPlace));
  }

  /** Learns of a kata, before a driver of it is opened. */
  know(data: KataData): void {
    this.#katas.set(data.manifest.id, data);
  }

  /** Answers one question. Never throws: what goes wrong is an answer, too. */
  answer(question: Question): void {
    const { id } = question;
    try {
      this.send({ id, type: 'answer', answer: this.#answer(question) });
    } catch (error) {
      if (error instanceof Refused) this.send({ id, type: 'refused', problems: error.problems });
      else if (error instanceof UsageError)
        this.send({ id, type: 'usage', message: error.message });
      else this.send({ id, type: 'fault', message: told(error).message });
    }
  }

  #answer(question: Question): Answer<Topic> {
    switch (question.topic) {
      case 'open':
        return this.#opened(question.asked);
      case 'judge':
        return judgeDriver(this.#driver(), question.asked, (progress) => {
          this.send({ id: question.id, type: 'progress', progress });
        });
      case 'stand':
        return this.#stand(question.asked.scenario, question.asked.turns);
      case 'replay':
        return this.#execution(question.asked.scenario, question.asked.schedule, false);
      case 'shortest':
        return this.#shortest(question.asked.scenario, question.asked.turns);
    }
  }

  #opened({ kata, driver }: Questions['open']['asked']): Answer<'open'> {
    const data = this.#katas.get(kata);
    if (data === undefined) throw new UsageError(`there is no kata '${kata}'`);
    this.#open = null;
    this.#open = openDriver(data, driver ?? data.source, this.host);
    const { source, scenarios } = this.#open;
    const shipped = data.manifest.scenarios;
    const playable = scenarios.map(({ id, title }) => ({ id, title, shipped: shipped[id] ?? '' }));
    return { kata, driver: data.manifest.driver, source, scenarios: playable };
  }

  #driver(): OpenDriver {
    if (this.#open === null) throw new UsageError('no driver was opened');
    return this.#open;
  }

  #scenario(id: string): Scenario {
    const [scenario] = chosen({ scenario: id, schedule: null }, this.#driver().scenarios);
    if (scenario === undefined) throw new UsageError(`there is no scenario '${id}'`);
    return scenario;
  }

  #stand(id: string, turns: readonly Turn[]): Standing {
    const scenario = this.#scenario(id);
    const { frames = {} } = optionsFor(this.#driver(), scenario);
    const seen = look(scenario, turns, frames);
    const { schedule, steps, contextSwitches, preemptions, tasks, failing, over, cut } = seen;
    const execution = this.#execution(id, formatSchedule(scheduleOf(turns)), true);
    const effort = { schedule, steps, contextSwitches, preemptions };
    return { ...effort, execution, tasks, failing, over, cut };
  }

  #shortest(id: string, turns: readonly Turn[]): ShortestFailure | null {
    const scenario = this.#scenario(id);
    const options = optionsFor(this.#driver(), scenario);
    let from = turns;
    if (from.length === 0) {
      const { failure } = judgeScenario(scenario, options);
      if (failure === undefined) return null;
      from = turnsOf(parseSchedule(failure.schedule));
    }
    const found = shortest(scenario, from, options.frames ?? {});
    if (found === null) return null;
    const execution = this.#execution(id, found.schedule, false);
    // The search takes no stacks, so its own headline may not know the function.
    return { ...found, headline: execution.finding?.headline ?? found.headline, execution };
  }

  #execution(id: string, schedule: string, stop: boolean): Answer<'replay'> {
    const open = this.#driver();
    const { data, shown, source } = open;
    const scenario = this.#scenario(id);
    const { frames = {}, command } = optionsFor(open, scenario);
    const traced = traceScenario(scenario, schedule, { frames, stop });
    const title = `${data.manifest.id}, ${traced.title}`;
    const texts = Object.entries({ [shortFile(frameName(shown))]: source, ...data.sources });
    const sources: Record<string, readonly string[]> = {};
    for (const [file, text] of texts) sources[file] = text.split(/\r?\n/);
    return executionOf(
      { ...traced, title },
      { schedule, sources, command: command?.(scenario, schedule) ?? '' },
    );
  }
}

/** Files of the engine by their place in the site, wherever that is. */
function ownPlace(file: string, site: NodeJS.CallSite): string | null {
  const at = file.lastIndexOf('/assets/');
  if (at < 0) return null;
  return `${file.slice(at)}:${site.getLineNumber() ?? 1}:${site.getColumnNumber() ?? 1}`;
}
