// SPDX-License-Identifier: GPL-2.0-only
/** The counts of the literature: one execution for each trace, no more and no less. */
import { Machine, type Program } from '../machine';
import { dpor } from './dpor';
import { filesystem, indexer, lastzero, philosophers, readers } from './testing/paper';

// Abdulla et al. 2014, table 1; Nidhugg and GenMC agree on the philosophers.
const COUNTS: readonly (readonly [string, Program, number])[] = [
  ['lastzero(5)', lastzero(5), 64],
  ['lastzero(10)', lastzero(10), 3328],
  ['lastzero(15)', lastzero(15), 147456],
  ['readers(8)', readers(8), 256],
  ['readers(13)', readers(13), 8192],
  ['indexer(12)', indexer(12), 8],
  ['indexer(15)', indexer(15), 4096],
  ['filesystem(14)', filesystem(14), 2],
  ['filesystem(16)', filesystem(16), 8],
  ['filesystem(18)', filesystem(18), 32],
  ['filesystem(20)', filesystem(20), 128],
  ['philosophers(2)', philosophers(2), 2],
  ['philosophers(3)', philosophers(3), 6],
  ['philosophers(5)', philosophers(5), 30],
];

it.each(COUNTS)('explores each trace of %s once', (_name, program, traces) => {
  const result = dpor(new Machine(program), () => false);
  expect(result).toMatchObject({ executions: traces, complete: true, surplus: 0, blocked: 0 });
});
