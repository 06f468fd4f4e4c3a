// SPDX-License-Identifier: GPL-2.0-only
/**
 * What the sandbox is asked, and what it answers: one JSON line each. The question comes from this tool. The answer comes from a
 * process that has run a stranger's code, so its form is looked at before any of it is believed.
 */
import type { Case } from '../../../lib/kata/cases';
import type { ScenarioKind } from '../../../lib/scenario/scenario';
import type { TestVerdict } from '../../../lib/kata/verdict';

/** A submission to be judged. */
export interface JudgeJob {
  readonly nonce: string;
  readonly source: string;
  /** The driver's name in messages, stacks and replay commands. */
  readonly driver: string;
  /** NN-slug. */
  readonly kata: string;
  /** What the driver must export. */
  readonly exports: readonly string[];
  /** The values of `#lib`: the library itself is not loaded when the driver is linked. */
  readonly libExports: readonly string[];
  /** Compiled scenarios.js of the kata. */
  readonly suite: string;
  /** An instructor's own scenarios, compiled; empty if there are none. */
  readonly hiddenCode: string;
  /** Wrong-input cases of the instructor. */
  readonly cases: readonly Case[];
  readonly executionsMax: number;
  readonly softMs: number;
}

/** A scenario as its suite declares it. */
export interface Declared {
  readonly id: string;
  readonly name: string;
  readonly task: number;
  readonly kind: ScenarioKind;
}

export type JudgeAnswer =
  | { readonly type: 'refused'; readonly problems: readonly string[] }
  | {
      readonly type: 'judged';
      readonly declared: readonly Declared[];
      /** Of the first scenarios, in order; of all of them unless time ran out. */
      readonly verdicts: readonly TestVerdict[];
      readonly timedOut: boolean;
    }
  | { readonly type: 'fault'; readonly message: string };

/** The file descriptor answers are written to. */
export const ANSWER_FD = 3;

/** Longest answer that is read: many times what the longest reports take. */
export const ANSWER_MAX = 4 << 20;

type Json = Readonly<Record<string, unknown>>;

/** The answer in a line, or null if it is not one to this question, or not an answer at all. */
export function answerIn(line: string, nonce: string): JudgeAnswer | null {
  const json = parse(line);
  if (json === null || json['nonce'] !== nonce) return null;
  const { type, problems, declared, verdicts, timedOut, message } = json;
  if (type === 'refused') return isTexts(problems) ? { type, problems } : null;
  if (type === 'fault') return typeof message === 'string' ? { type, message } : null;
  if (type !== 'judged' || typeof timedOut !== 'boolean') return null;
  if (!isList(declared, isDeclared) || !isList(verdicts, isVerdict)) return null;
  return { type, declared, verdicts, timedOut };
}

function parse(line: string): Json | null {
  try {
    const json: unknown = JSON.parse(line);
    return isObject(json) ? json : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList<T>(value: unknown, isItem: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isItem);
}

function isTexts(value: unknown): value is readonly string[] {
  return isList(value, (item): item is string => typeof item === 'string');
}

const KINDS: readonly unknown[] = ['race', 'function', 'overfix', 'reachable'];
const STATUSES: readonly unknown[] = ['pass', 'fail', 'error', 'bound'];

function isDeclared(value: unknown): value is Declared {
  return (
    isObject(value) &&
    typeof value['id'] === 'string' &&
    typeof value['name'] === 'string' &&
    isCount(value['task']) &&
    KINDS.includes(value['kind'])
  );
}

function isVerdict(value: unknown): value is TestVerdict {
  if (!isObject(value)) return false;
  const { status, message, exploration, failure } = value;
  if (
    !isDeclared(value) ||
    !STATUSES.includes(status) ||
    !(message === null || typeof message === 'string')
  )
    return false;
  return isExploration(exploration) && (failure === undefined || isFailure(failure));
}

function isExploration(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { strategy, executions, complete, failing } = value;
  return (
    typeof strategy === 'string' &&
    isCount(executions) &&
    typeof complete === 'boolean' &&
    isCount(failing)
  );
}

function isFailure(value: unknown): boolean {
  if (!isObject(value) || !isCount(value['contextSwitches'])) return false;
  return ['kind', 'headline', 'report', 'schedule', 'replay'].every(
    (key) => typeof value[key] === 'string',
  );
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
