// SPDX-License-Identifier: GPL-2.0-only
/**
 * The alternative that learners know: fast-check's scheduler, which runs promises in random order. The lost update and the race of
 * rbd_put_client() as asynchronous code, in which another task may run at every operation.
 */
import * as fc from 'fast-check';

export interface PromiseRow {
  readonly program: string;
  /** How many runs found the bug, for each seed; null if `runsMax` were not enough. */
  readonly runs: readonly (number | null)[];
  readonly runsMax: number;
  /** Of a number of runs with the first seed, how many schedules were different, and how many exist. */
  readonly drawn: number;
  readonly distinct: number;
  readonly interleavings: number;
}

/** A step: waits for its turn, then acts. */
type Turn = <T>(act: () => T) => Promise<T>;
/** Runs tasks that take turns; returns true if the bug occurred. */
type Program = (turn: (task: string) => Turn, done: () => Promise<void>) => Promise<boolean>;

const SEEDS = [1, 2, 3, 4, 5];
const RUNS_MAX = 10_000;

/** Counts the runs fast-check needs. */
export async function measurePromises(): Promise<PromiseRow[]> {
  return [
    await measure('lost update', lostUpdate, 6),
    await measure('rbd_put_client()', rbdPut, 20),
  ];
}

async function measure(program: string, body: Program, interleavings: number): Promise<PromiseRow> {
  const runs: (number | null)[] = [];
  for (const seed of SEEDS) runs.push(await firstFailure(body, seed));
  const drawn = 100;
  return {
    program,
    runs,
    runsMax: RUNS_MAX,
    drawn,
    distinct: await distinct(body, drawn),
    interleavings,
  };
}

/** Runs the program once under a scheduler; returns the order of turns and whether the bug occurred. */
async function run(body: Program, scheduler: fc.Scheduler): Promise<[string, boolean]> {
  let order = '';
  const turn =
    (task: string): Turn =>
    async (act) => {
      await scheduler.schedule(Promise.resolve(), task);
      order += task;
      return act();
    };
  const failed = await body(turn, () => scheduler.waitIdle());
  return [order, failed];
}

async function firstFailure(body: Program, seed: number): Promise<number | null> {
  let runs = 0;
  let found: number | null = null;
  await fc.check(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      runs++;
      const [, failed] = await run(body, scheduler);
      if (failed) found ??= runs;
      return !failed;
    }),
    { seed, numRuns: RUNS_MAX, endOnFailure: true },
  );
  return found;
}

/** How many different orders a number of runs tries: there is no way to know when all have been tried. */
async function distinct(body: Program, numRuns: number): Promise<number> {
  const orders = new Set<string>();
  await fc.check(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      orders.add((await run(body, scheduler))[0]);
    }),
    { seed: 1, numRuns },
  );
  return orders.size;
}

const lostUpdate: Program = async (turn, done) => {
  let tally = 0;
  const increment = async (step: Turn): Promise<void> => {
    const seen = await step(() => tally);
    await step(() => (tally = seen + 1));
  };
  const tasks = [increment(turn('A')), increment(turn('B'))];
  await done();
  await Promise.all(tasks);
  return tally !== 2;
};

/** The last put against a lookup, three turns each: the lookup may find a count that has reached zero. */
const rbdPut: Program = async (turn, done) => {
  const client = { count: 1, listed: true, freed: false };
  let bug = false;
  const put = async (step: Turn): Promise<void> => {
    const last = await step(() => --client.count === 0);
    await step(() => (client.listed &&= !last));
    await step(() => (client.freed ||= last));
  };
  const get = async (step: Turn): Promise<void> => {
    const found = await step(() => client.listed);
    await step(() => {
      if (found && client.count++ === 0) bug = true;
    });
    await step(() => {
      if (found && client.freed) bug = true;
    });
  };
  const tasks = [put(turn('A')), get(turn('B'))];
  await done();
  await Promise.all(tasks);
  return bug;
};
