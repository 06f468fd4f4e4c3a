// SPDX-License-Identifier: GPL-2.0-only
/** One share of a batch, for schedulers that run the same command many times: every n-th submission, beginning with the i-th. */
import { Refusal } from '../../kata/errors';

/** Share `index` (from 1) of `count`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** The whole. */
export const WHOLE: Shard = { index: 1, count: 1 };

type Environment = Readonly<Record<string, string | undefined>>;

/** What --shard says: `i/n`, or `auto` for what the scheduler has set. */
export function shardOf(typed: string | undefined, env: Environment): Shard {
  if (typed === undefined) return WHOLE;
  if (typed === 'auto') return fromEnvironment(env);
  const [, index = '', count = ''] = /^(\d{1,6})\/(\d{1,6})$/.exec(typed) ?? [];
  return checked({ index: Number(index), count: Number(count) }, `--shard ${typed}`);
}

/** Where schedulers put the number of a task, and of how many; `first` is the number of the first one. */
const SCHEDULERS = [
  { index: 'SLURM_ARRAY_TASK_ID', count: 'SLURM_ARRAY_TASK_COUNT', first: 'SLURM_ARRAY_TASK_MIN' },
  { index: 'JOB_COMPLETION_INDEX', count: 'KATA_SHARDS', first: 0 },
  { index: 'CI_NODE_INDEX', count: 'CI_NODE_TOTAL', first: 1 },
  { index: 'CIRCLE_NODE_INDEX', count: 'CIRCLE_NODE_TOTAL', first: 0 },
  { index: 'BUILDKITE_PARALLEL_JOB', count: 'BUILDKITE_PARALLEL_JOB_COUNT', first: 0 },
] as const;

function fromEnvironment(env: Environment): Shard {
  const found = SCHEDULERS.find(({ index }) => (env[index] ?? '') !== '');
  if (found === undefined) {
    const names = SCHEDULERS.map(({ index }) => index).join(', ');
    throw new Refusal(`--shard auto: no scheduler has set any of ${names}; write --shard i/n`);
  }
  const { index, count, first } = found;
  const total = env[count] ?? env['KATA_SHARDS'] ?? '';
  if (total === '') throw new Refusal(`--shard auto: ${index} is set, but not ${count}`);
  const start = typeof first === 'number' ? first : Number(env[first] ?? '0');
  const number = Number(env[index]) - start + 1;
  return checked({ index: number, count: Number(total) }, `--shard auto (${index}, ${count})`);
}

const SHARES_MAX = 999_999;

/** Is it the share of something? */
export function isShard(value: unknown): value is Shard {
  const { index, count } = (value ?? {}) as Partial<Record<string, unknown>>; // anything, from a file
  const whole = Number.isInteger(index) && Number.isInteger(count);
  return (
    whole && Number(index) >= 1 && Number(index) <= Number(count) && Number(count) <= SHARES_MAX
  );
}

function checked(shard: Shard, what: string): Shard {
  if (isShard(shard)) return shard;
  throw new Refusal(`${what}: write i/n with i from 1 to n, as in 2/8`);
}

/** Does the submission at this place of the whole batch belong to the share? */
export function isIn({ index, count }: Shard, place: number): boolean {
  return place % count === index - 1;
}
