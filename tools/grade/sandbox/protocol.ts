// SPDX-License-Identifier: GPL-2.0-only
/**
 * What the sandbox is asked, in one JSON line, and what it answers, a line for each verdict as it is reached. The question comes
 * from this tool. The answer comes from a process that has run a stranger's code, so its form is looked at before any of it is
 * believed.
 */
import type { Case } from '../../../lib/kata/cases';
import type { ScenarioKind } from '../../../lib/scenario/scenario';
import type { TestVerdict } from '../../../lib/kata/verdict';
import type { Execution } from '../../../lib/report';
import { executionIn } from './execution-form';

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
  /** The structures that it may declare static. */
  readonly statics: readonly string[];
  /** The values of `#lib`: the library itself is not loaded when the driver is linked. */
  readonly libExports: readonly string[];
  /** Compiled scenarios.js of the kata. */
  readonly suite: string;
  /** An instructor's own scenarios, compiled; empty if there are none. */
  readonly hiddenCode: string;
  /** Wrong-input cases of the instructor. */
  readonly cases: readonly Case[];
  readonly executionsMax: number;
  /** Processor time for explaining failures, once every scenario has its verdict. */
  readonly explainMs: number;
  /** Tell executions of failures step by step, up to so many steps; 0 for none. */
  readonly tellSteps: number;
}

/** A scenario as its suite declares it. */
export interface Declared {
  readonly id: string;
  readonly name: string;
  readonly task: number;
  readonly kind: ScenarioKind;
}

/** One line of the answer: each is worth something of itself, since whatever comes next may end the process. */
export type JudgeLine =
  | { readonly type: 'refused'; readonly problems: readonly string[] }
  | { readonly type: 'fault'; readonly message: string }
  | { readonly type: 'declared'; readonly declared: readonly Declared[] }
  /** Of the scenarios in their order; said again of one that fails, when it has been explained. */
  | { readonly type: 'verdict'; readonly verdict: TestVerdict }
  /** Of a scenario that fails, once all are explained. What the parent cannot read is null. */
  | { readonly type: 'execution'; readonly id: string; readonly execution: Execution | null }
  | { readonly type: 'end' };

/** What the lines say. */
export type JudgeAnswer =
  | { readonly type: 'refused'; readonly problems: readonly string[] }
  | {
      readonly type: 'judged';
      readonly declared: readonly Declared[];
      /** Of the first scenarios, in order; of all of them unless something ended it. */
      readonly verdicts: readonly TestVerdict[];
      /** Of some scenarios that fail, by id. */
      readonly executions: ReadonlyMap<string, Execution>;
      readonly whole: boolean;
    }
  | { readonly type: 'fault'; readonly message: string };

/** The file descriptor answers are written to. */
export const ANSWER_FD = 3;

/** Longest answer that is read: many times what the longest reports take. */
export const ANSWER_MAX = 4 << 20;

/** Longest execution that a sandbox tells, as JSON. */
export const EXECUTION_MAX = 256 << 10;

/** How many steps of a submission's executions the instructor's page asks for. */
export const TELL_STEPS = 600;

type Json = Readonly<Record<string, unknown>>;

/** The answer in the whole lines of a text, or null if one of them is not one to this question. */
export function answerIn(text: string, nonce: string): JudgeAnswer | null {
  const verdicts = new Map<string, TestVerdict>();
  const executions = new Map<string, Execution>();
  let declared: readonly Declared[] | null = null;
  let whole = false;
  // What was being written when the process ended is not a line.
  for (const each of text.split('\n').slice(0, -1)) {
    const line = whole ? null : lineIn(each, nonce);
    if (line === null) return null;
    if (declared === null && (line.type === 'refused' || line.type === 'fault')) return line;
    if (line.type === 'refused') return null;
    if (line.type === 'fault') break;
    if (line.type === 'declared') {
      if (declared !== null) return null;
      declared = line.declared;
    } else if (line.type === 'end') whole = true;
    else if (line.type === 'execution') {
      if (verdicts.get(line.id)?.failure === undefined) return null;
      if (line.execution !== null) executions.set(line.id, line.execution);
    } else if (!isNext(line.verdict, declared ?? [], verdicts)) return null;
    else verdicts.set(line.verdict.id, line.verdict);
  }
  if (declared === null) return null;
  whole &&= verdicts.size === declared.length;
  return { type: 'judged', declared, verdicts: [...verdicts.values()], executions, whole };
}

/** Is it of the scenario whose turn it is, or the explanation of a failure there is already? */
function isNext(
  { id, status }: TestVerdict,
  declared: readonly Declared[],
  verdicts: ReadonlyMap<string, TestVerdict>,
): boolean {
  const known = verdicts.get(id);
  if (known === undefined) return declared[verdicts.size]?.id === id;
  return known.status === 'fail' && status === 'fail';
}

function lineIn(line: string, nonce: string): JudgeLine | null {
  const json = parse(line);
  if (json === null || json['nonce'] !== nonce) return null;
  const { type, id, problems, declared, verdict, execution, message } = json;
  if (type === 'end') return { type };
  if (type === 'refused') return isTexts(problems) ? { type, problems } : null;
  if (type === 'fault') return typeof message === 'string' ? { type, message } : null;
  if (type === 'declared') return isList(declared, isDeclared) ? { type, declared } : null;
  if (type === 'execution') {
    return typeof id === 'string' ? { type, id, execution: executionIn(execution) } : null;
  }
  return type === 'verdict' && isVerdict(verdict) ? { type, verdict } : null;
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
