// SPDX-License-Identifier: GPL-2.0-only
/** A scenario as a program for the machine. */
import type { Machine, Program } from '../machine';
import type { Scenario } from './scenario';

/** A scenario made runnable; `roots` is what its world still refers to, for the leak search. */
export interface ScenarioProgram extends Program {
  roots(): Iterable<unknown>;
}

/** Makes a scenario runnable. */
export function programOf(scenario: Scenario): ScenarioProgram {
  let world: unknown;
  return {
    boot(machine: Machine): void {
      world = undefined;
      for (const [name, times] of Object.entries(scenario.failures ?? {})) {
        machine.failures.set(name, times);
      }
      if (scenario.setup !== undefined) world = machine.runNow(scenario.setup());
      for (const [comm, body] of Object.entries(scenario.tasks)) {
        machine.spawn(comm, () => body(world));
      }
    },
    finish(machine: Machine): void {
      if (scenario.check !== undefined) machine.runNow(scenario.check(world));
    },
    roots: () => [world],
  };
}
