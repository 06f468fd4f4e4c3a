// SPDX-License-Identifier: GPL-2.0-only
/** A scenario as a program for the machine. */
import type { Machine, Program, Task } from '../machine';
import type { Scenario } from '../scenario/scenario';
import { trackedWorld } from './tracked-world';

/** A scenario that can run; `roots` are the objects its world still refers to, for the leak search. */
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
      for (const [name, times] of Object.entries(scenario.expiries ?? {})) {
        machine.expiries.set(name, times);
      }
      if (scenario.setup !== undefined) world = machine.runNow(scenario.setup());
      if (machine.tracksWorld) {
        world = trackedWorld(world, (write) => {
          machine.touchWorld(write);
        });
      }
      const spawned = new Map<string, Task>();
      for (const [comm, body] of Object.entries(scenario.tasks)) {
        const group = scenario.alike?.find((names) => names.includes(comm)) ?? [];
        const like = spawned.get(group[group.indexOf(comm) - 1] ?? '') ?? null;
        spawned.set(
          comm,
          machine.spawn(comm, () => body(world), 'process', like),
        );
      }
    },
    finish(machine: Machine): void {
      if (scenario.check !== undefined) machine.runNow(scenario.check(world));
    },
    roots: () => [world],
  };
}
