// SPDX-License-Identifier: GPL-2.0-only
/** Two states with equal texts: whatever a final check does, it does the same in both. */
import * as fc from 'fast-check';
import { Machine, PassedChecks, type Program } from '../machine';
import { StateTexts } from '../machine/state';
import { dpor } from '.';
import { finalState } from './testing/instructions';
import { body, compile, print, type Source, sources } from './testing/random-program';

/** Notes what each check comes to, and complains if an equal state came to something else. */
class Comparing extends PassedChecks {
  readonly #texts = new StateTexts();
  readonly #outcomes = new Map<string, string>();
  equal = 0;

  constructor(
    readonly source: Source,
    readonly outcome: () => string,
  ) {
    super();
  }

  override finish(machine: Machine, check: () => void): void {
    const state = this.#texts.of(machine);
    const { lessons } = machine;
    check();
    if (state === null || machine.lessons !== lessons) return;
    const key = `${lessons} ${state}`;
    const outcome = this.outcome();
    const known = this.#outcomes.get(key);
    if (known !== undefined) this.equal++;
    this.#outcomes.set(key, known ?? outcome);
    if (known === undefined || known === outcome) return;
    throw new Error(`equal states, but ${known} and ${outcome}\n${print(this.source)}`);
  }
}

/** Explores all tasks but the first, whose instructions are the check. Returns how often states were equal. */
function explore(source: Source): number {
  const [checking = [], ...tasks] = source;
  const compiled = compile(tasks);
  let last = '';
  const program: Program = {
    boot: (machine) => {
      compiled.boot(machine);
    },
    finish(machine) {
      const registers = { last: 0, held: [] };
      machine.runNow(body(checking, registers));
      last = JSON.stringify([machine.runNow(finalState()), registers.last]);
    },
    roots: () => compiled.registers,
  };
  // With detectors, most of these programs have findings, and then the check of every execution runs.
  const machine = new Machine(program);
  const comparing = new Comparing(source, () =>
    JSON.stringify([last, machine.findings.map(({ kind }) => kind)]),
  );
  machine.passedChecks = comparing;
  dpor(machine, () => false, { executionsMax: 400 });
  return comparing.equal;
}

it('come to the same under every check of random programs', () => {
  let equal = 0;
  fc.assert(
    fc.property(sources(5), (source) => {
      equal += explore(source);
    }),
    {
      numRuns: Number(process.env['ORACLE_RUNS'] ?? 300),
      seed: Number(process.env['ORACLE_SEED'] ?? 1),
    },
  );
  expect(equal).toBeGreaterThan(50);
});
