// SPDX-License-Identifier: GPL-2.0-only
/** Judging as commands ask for it: one driver, or the katas' own drivers one after another. */
import { isShipped } from '../answers/shipped';
import { isPatch, sourceOf } from '../answers/source';
import { readDriver } from './driver-source';
import { Refusal } from './errors';
import { judgeKata } from './judge-kata';
import { JudgePool } from './judge-pool';
import type { JudgeMessage, JudgeRequest } from './judge-protocol';
import { type Judgement, rejected } from './judgement';
import type { Kata } from './katas';
import { driverOption } from './print/replay-command';
import { type DriverFile, givenDriver, ownDriver, type Shell, shownPath } from './shell';
import { remember } from './state/memory';
import { NO_TYPE_CHECK, startTypeCheck, type TypeCheck } from './type-check';

/** What to judge and how. */
export interface Wanted {
  readonly kata: Kata;
  /** As typed after --driver; null for the kata's own. */
  readonly driver: string | null;
  readonly scenario: string | null;
  readonly full: boolean;
  /** Interleavings to sample where a bound is reached. */
  readonly sample?: number;
  /** How many of the scenarios that fail are explained; all of them if it is left out. */
  readonly reports?: number;
}

/** A kata's own driver in all its scenarios. */
export function ownOf(kata: Kata, reports?: number): Wanted {
  const wanted = { kata, driver: null, scenario: null, full: false };
  return reports === undefined ? wanted : { ...wanted, reports };
}

/** The driver that is wanted, read, and the request to judge it; a patch is judged as what it makes of its base. */
export function requestFor(shell: Shell, wanted: Wanted, schedule: string | null): JudgeRequest {
  const { cwd } = shell;
  const { kata, driver } = wanted;
  const found: DriverFile =
    driver === null ? ownDriver(cwd, kata.driver, kata.number) : givenDriver(cwd, driver);
  const read = { text: readDriver(found.file, found.shown), shown: found.shown };
  const { text, shown } = sourceOf(shell.root, kata.manifest, read);
  const request = requestOf(shell, wanted, text, { file: found.file, shown });
  return {
    ...request,
    driverOption: driver === null ? '' : driverOption(found.shown),
    schedule,
    ...(isPatch(found.shown) ? { patch: found.shown } : {}),
  };
}

/** The request to judge a text as a kata's driver. */
export function requestOf(
  { root, cwd, width }: Shell,
  { kata, scenario, full, sample, reports }: Omit<Wanted, 'driver'>,
  source: string,
  { file, shown }: DriverFile = { file: kata.driver, shown: shownPath(cwd, kata.driver) },
): JudgeRequest {
  return {
    root,
    kata: kata.id,
    driver: file,
    source,
    shown,
    driverOption: '',
    scenario,
    schedule: null,
    full,
    ...(sample === undefined ? {} : { sample }),
    ...(reports === undefined ? {} : { reports }),
    ...(width === undefined ? {} : { width }),
  };
}

/** Judges one driver. */
export async function judgeOne(
  shell: Shell,
  wanted: Wanted,
  checkTypes: boolean,
  onMessage?: (message: JudgeMessage, driver: string) => void,
): Promise<Judgement> {
  const request = requestFor(shell, wanted, null);
  const types = checkTypes ? typesOf(shell, [[wanted.kata, request]]) : NO_TYPE_CHECK;
  const pool = new JudgePool();
  try {
    const { kata } = wanted;
    const judgement = await judgeKata({
      kata,
      request,
      pool,
      types,
      tool: shell.tool,
      onMessage: (message) => onMessage?.(message, request.patch ?? request.shown),
    });
    const whole = wanted.driver === null && wanted.scenario === null && checkTypes;
    if (whole) remember(shell, request, judgement.report.status);
    return judgement;
  } finally {
    pool.stop();
  }
}

/** A kata and the result of judging its driver. */
export interface Walked {
  readonly kata: Kata;
  readonly judgement: Judgement;
}

/** Judges the own drivers of some katas in learning order, as far as the caller cares to follow, and explains so many failures of each. */
export async function* walk(
  shell: Shell,
  katas: readonly Kata[],
  reports?: number,
): AsyncGenerator<Walked, void, void> {
  if (katas.length === 0) return;
  const asked = katas.map((kata) => [kata, requestOrRefusal(shell, kata, reports)] as const);
  const readable = asked.flatMap(([kata, asks]) =>
    asks instanceof Refusal ? [] : [[kata, asks] as const],
  );
  const all = typesOf(shell, readable);
  // One check serves all katas, so none of them may end it.
  const types: TypeCheck = { problems: all.problems, stop: () => undefined };
  const pool = new JudgePool();
  try {
    for (const [kata, request] of asked) {
      if (request instanceof Refusal) {
        yield { kata, judgement: missing(shell, kata, request) };
        continue;
      }
      const judgement = await judgeKata({ kata, request, pool, types, tool: shell.tool });
      remember(shell, request, judgement.report.status);
      yield { kata, judgement };
    }
  } finally {
    pool.stop();
    all.stop();
  }
}

/** A check of the types of these drivers. A port as shipped has no type errors: the tests of the repository see to that. */
function typesOf({ root }: Shell, drivers: readonly (readonly [Kata, JudgeRequest])[]): TypeCheck {
  const edited = drivers.filter(([kata, { source }]) => !isShipped(kata.manifest, source));
  if (edited.length === 0) return NO_TYPE_CHECK;
  return startTypeCheck(root, new Map(edited.map(([, { driver, source }]) => [driver, source])));
}

function requestOrRefusal(
  shell: Shell,
  kata: Kata,
  reports: number | undefined,
): JudgeRequest | Refusal {
  try {
    return requestFor(shell, ownOf(kata, reports), null);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** A driver that cannot be read fails like any other that cannot be run. */
function missing({ cwd, tool }: Shell, kata: Kata, refusal: Refusal): Judgement {
  const driver = shownPath(cwd, kata.driver);
  return rejected({ tool, manifest: kata.manifest, driver, durationMs: 0 }, [refusal.message]);
}
