// SPDX-License-Identifier: GPL-2.0-only
/**
 * Whether any scenario of a kata rejects a mutant. The first that fails is enough. Those are asked first that rejected the last mutants of the
 * same function, then the cheapest.
 */
import { type KataFolder, loadSource } from '../../lib/kata/files';
import { loadSuite } from '../../lib/kata/jest';
import { judgeScenario } from '../../lib/kata/judge';
import type { Scenario } from '../../lib/scenario/scenario';

/** The outcome of a mutant: the scenario that rejects it, that none does, that the budget was too small to decide, or that it is not a driver. */
export type Outcome =
  | { readonly is: 'refused' }
  | { readonly is: 'rejected'; readonly by: string }
  | { readonly is: 'survives' }
  | { readonly is: 'undecided'; readonly why: string };

/** Executions of a scenario before it is given up: so many times those of the solution, or so many at least. */
const TIMES = 10;
const LEAST = 2000;

/** Scenarios remembered for a function. */
const LIKELY = 4;

/** Judges the mutants of one kata. */
export class MutantJudge {
  readonly #kata: KataFolder;
  readonly #folder: string;
  readonly #costs = new Map<string, number>();
  /** By the function that was changed: what rejected mutants of it, the last one first. */
  readonly #rejected = new Map<string, string[]>();

  /** `folder` holds the compiled scenarios; `solution` is what they are measured with. */
  constructor(kata: KataFolder, folder: string, solution: string) {
    this.#kata = kata;
    this.#folder = folder;
    for (const scenario of this.#scenarios(solution) ?? []) {
      const { exploration } = judgeScenario(scenario, { brief: true });
      this.#costs.set(scenario.id, exploration.executions);
    }
  }

  /** Judges a mutant of a function. */
  judge({ text, within }: { readonly text: string; readonly within: string }): Outcome {
    const scenarios = this.#scenarios(text);
    if (scenarios === null) return { is: 'refused' };
    const open: string[] = [];
    const likely = this.#rejected.get(within) ?? [];
    for (const scenario of firstOf(likely, scenarios)) {
      const executionsMax = Math.max(LEAST, TIMES * this.#cost(scenario));
      const { status } = judgeScenario(scenario, { brief: true, executionsMax });
      if (status === 'bound') open.push(scenario.id);
      if (status !== 'fail') continue;
      const others = likely.filter((id) => id !== scenario.id);
      this.#rejected.set(within, [scenario.id, ...others].slice(0, LIKELY));
      return { is: 'rejected', by: scenario.id };
    }
    if (open.length === 0) return { is: 'survives' };
    return { is: 'undecided', why: `not explored to the end: ${open.join(', ')}` };
  }

  #cost({ id }: Scenario): number {
    return this.#costs.get(id) ?? 0;
  }

  /** The scenarios for a text, the cheapest first; null if it is not a driver. */
  #scenarios(text: string): Scenario[] | null {
    const { manifest } = this.#kata;
    const loaded = loadSource(text, manifest, manifest.driver);
    if (!loaded.ok) return null;
    // The linker has checked that the exports are there.
    const scenarios = [...loadSuite(this.#folder).scenarios(loaded.driver as never)];
    return scenarios.sort((a, b) => this.#cost(a) - this.#cost(b));
  }
}

function firstOf(ids: readonly string[], scenarios: readonly Scenario[]): readonly Scenario[] {
  const first = ids.flatMap((id) => scenarios.filter((scenario) => scenario.id === id));
  return [...first, ...scenarios.filter(({ id }) => !ids.includes(id))];
}
