// SPDX-License-Identifier: GPL-2.0-only
/** Whether any scenario of a kata rejects a mutant: the cheapest are asked first, and the first that fails is enough. */
import { type KataFolder, loadSource } from '../../lib/kata/files';
import { loadSuite } from '../../lib/kata/jest';
import { judgeScenario } from '../../lib/kata/judge';
import type { Scenario } from '../../lib/scenario/scenario';

/** The outcome of a mutant: the scenario that rejects it, that none does, or that the budget was too small to decide. */
export type Outcome =
  | { readonly is: 'rejected'; readonly by: string }
  | { readonly is: 'survives' }
  | { readonly is: 'undecided'; readonly why: string };

/** Executions of a scenario before it is given up: so many times those of the solution, or so many at least. */
const TIMES = 10;
const LEAST = 2000;

/** Judges the mutants of one kata. */
export class MutantJudge {
  readonly #kata: KataFolder;
  readonly #folder: string;
  readonly #costs = new Map<string, number>();

  /** `folder` holds the compiled scenarios; `solution` is what they are measured with. */
  constructor(kata: KataFolder, folder: string, solution: string) {
    this.#kata = kata;
    this.#folder = folder;
    for (const scenario of this.#scenarios(solution)) {
      const { exploration } = judgeScenario(scenario, { brief: true });
      this.#costs.set(scenario.id, exploration.executions);
    }
  }

  /** Judges a text that is a driver. */
  judge(text: string): Outcome {
    const open: string[] = [];
    for (const scenario of this.#scenarios(text)) {
      const executionsMax = Math.max(LEAST, TIMES * this.#cost(scenario));
      const { status } = judgeScenario(scenario, { brief: true, executionsMax });
      if (status === 'fail') return { is: 'rejected', by: scenario.id };
      if (status === 'bound') open.push(scenario.id);
    }
    if (open.length === 0) return { is: 'survives' };
    return { is: 'undecided', why: `not explored to the end: ${open.join(', ')}` };
  }

  /** Whether a text can be judged at all. */
  readonly isDriver = (text: string): boolean =>
    loadSource(text, this.#kata.manifest, this.#kata.manifest.driver).ok;

  #cost({ id }: Scenario): number {
    return this.#costs.get(id) ?? 0;
  }

  #scenarios(text: string): Scenario[] {
    const { manifest } = this.#kata;
    const loaded = loadSource(text, manifest, manifest.driver);
    if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
    // The linker has checked that the exports are there.
    const scenarios = [...loadSuite(this.#folder).scenarios(loaded.driver as never)];
    return scenarios.sort((a, b) => this.#cost(a) - this.#cost(b));
  }
}
