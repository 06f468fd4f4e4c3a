// SPDX-License-Identifier: GPL-2.0-only
import * as fc from 'fast-check';
import { agree } from './testing/agree';
import { print, sources } from './testing/random-program';

it('dpor sees every outcome and every trace of random programs, each trace once', () => {
  let compared = 0;
  fc.assert(
    fc.property(sources(5), (source) => {
      if (agree(source) === 'agree') compared++;
    }),
    {
      numRuns: Number(process.env['ORACLE_RUNS'] ?? 500),
      seed: Number(process.env['ORACLE_SEED'] ?? 1),
      reporter: (run) => {
        if (run.failed)
          throw new Error(
            `seed ${run.seed}: ${String(run.errorInstance)}\n${run.counterexample === null ? '' : print(run.counterexample[0])}`,
          );
      },
    },
  );
  expect(compared).toBeGreaterThan(220);
});
