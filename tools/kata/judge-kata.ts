// SPDX-License-Identifier: GPL-2.0-only
/** Judges a driver in a kata: scenarios in one process, types in one thread, and one judgement of both. */
import fs from 'node:fs';
import type { ReportFrame } from '../../lib/kata/verdict';
import { Fault, Refusal } from './errors';
import { runJudge } from './judge-process';
import type { JudgeMessage, JudgeRequest } from './judge-protocol';
import { broken, type Judgement, judgementOf, rejected } from './judgement';
import type { Kata } from './katas';
import type { TypeCheck } from './type-check';
import { formatTypeProblem } from './type-problem';

/** What is to be judged. */
export interface Judging {
  readonly kata: Kata;
  readonly request: JudgeRequest;
  readonly types: TypeCheck;
  readonly tool: string;
}

/** Judges; throws a Refusal for what cannot be judged at all. */
export async function judgeKata(judging: Judging): Promise<Judgement> {
  const started = performance.now();
  const { request, types, kata, tool } = judging;
  const frame = (): ReportFrame => ({
    tool,
    manifest: kata.manifest,
    driver: request.shown,
    durationMs: Math.round(performance.now() - started),
  });
  try {
    if (isBlank(request.driver))
      return rejected(frame(), [`${request.shown}:1:1: this file is empty`]);
    const messages: JudgeMessage[] = [];
    const ending = await runJudge(request, (message) => {
      if (message.type !== 'alive') messages.push(message);
    });
    const refused = messages.some(({ type }) => type === 'refused');
    const typeErrors = refused ? [] : await typeErrorsOf(judging);
    return judgementOf(frame(), { messages, ending, typeErrors });
  } catch (error) {
    if (error instanceof Refusal) throw error;
    return broken(frame(), error instanceof Fault ? error : new Fault(String(error)));
  } finally {
    types.stop();
  }
}

function isBlank(file: string): boolean {
  try {
    return fs.readFileSync(file, 'utf8').trim() === '';
  } catch {
    return false; // whoever reads it next says why it cannot be read
  }
}

async function typeErrorsOf({ request, types }: Judging): Promise<string[]> {
  const found = (await types.problems).get(request.driver) ?? [];
  return found.map((problem) => formatTypeProblem(request.shown, problem));
}
