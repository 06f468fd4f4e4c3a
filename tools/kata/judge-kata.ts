// SPDX-License-Identifier: GPL-2.0-only
/** Judges a driver in a kata: scenarios in processes of their own, types in a thread, and one judgement of both. */
import type { ReportFrame } from '../../lib/kata/verdict';
import { Fault, Refusal } from './errors';
import type { JudgePool } from './judge-pool';
import type { JudgeMessage, JudgeRequest } from './judge-protocol';
import { broken, type Judgement, judgementOf, rejected } from './judgement';
import type { Kata } from './katas';
import type { TypeCheck } from './type-check';
import { formatTypeProblem } from './type-problem';

/** What to judge. */
export interface Judging {
  readonly kata: Kata;
  readonly request: JudgeRequest;
  readonly pool: JudgePool;
  readonly types: TypeCheck;
  readonly tool: string;
  /** Told everything as it happens. */
  readonly onMessage?: (message: JudgeMessage) => void;
}

/** Judges; throws a Refusal for what cannot be judged at all. */
export async function judgeKata(judging: Judging): Promise<Judgement> {
  const started = performance.now();
  const { request, pool, types, kata, tool } = judging;
  const frame = (): ReportFrame => ({
    tool,
    manifest: kata.manifest,
    driver: request.patch ?? request.shown,
    durationMs: Math.round(performance.now() - started),
  });
  try {
    if (request.source.trim() === '') return emptyFile(frame());
    const answers = await pool.judge(request, judging.onMessage);
    const refused = answers.messages.some(({ type }) => type === 'refused');
    const typeErrors = refused ? [] : await typeErrorsOf(judging);
    return judgementOf(frame(), { ...answers, typeErrors });
  } catch (error) {
    if (error instanceof Refusal) throw error;
    return broken(frame(), error instanceof Fault ? error : new Fault(String(error)));
  } finally {
    types.stop();
  }
}

/** The judgement of a file that holds nothing. */
export function emptyFile(frame: ReportFrame): Judgement {
  return rejected(frame, [`${frame.driver}:1:1: this file is empty`]);
}

async function typeErrorsOf({ request, types }: Judging): Promise<string[]> {
  const found = (await types.problems).get(request.driver) ?? [];
  return found.map((problem) => formatTypeProblem(request.shown, problem));
}
