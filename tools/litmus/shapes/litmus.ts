// SPDX-License-Identifier: GPL-2.0-only
/**
 * Litmus tests: programs of a few lines with one question each, and how to run them. The kernel's answers come from
 * tools/memory-model (Alglave, Maranget, McKenney, Parri, Stern, Frightening small children and disconcerting grown-ups, ASPLOS
 * 2018). Ours come from exploring every execution of the machine.
 */
import { dpor } from '../../../lib/explore';
import { atomic_read, atomic_set } from '../../../lib/kernel';
import { Machine, type Monitor, type Op, type Program } from '../../../lib/machine';
import type { Instruction } from './instructions';
import { counters, ints, type Registers } from './memory';

/** Threads that run at the same time, each a list of lines. */
export type Threads = readonly (readonly Instruction[])[];

/** A litmus test. */
export interface Litmus {
  /** The shape, and what orders it. */
  readonly name: string;
  /** Initial values other than 0. */
  readonly initially?: Readonly<Record<string, number>>;
  readonly threads: Threads;
  /** `exists r0=1 && r1=0`, over registers and final values of variables; `||` binds weaker. */
  readonly question: `exists ${string}`;
  readonly ours: 'observed' | 'never';
  readonly kernel: 'Sometimes' | 'Never' | 'Always';
  /** The kernel's own litmus test, or the document that answers the question. */
  readonly source: string;
  /** Why the answers differ, or what is easily overlooked. */
  readonly note?: string;
}

/** The result of exploring a litmus test. */
export interface Observed {
  /** The final values that the question asks for, as text: one entry per combination, sorted. */
  readonly outcomes: readonly string[];
  readonly answer: Litmus['ours'];
  readonly executions: number;
  /** Kinds of findings, each once. */
  readonly findings: readonly string[];
  /** Nothing was left out. */
  readonly complete: boolean;
}

/** Explores all interleavings of a litmus test. */
export function observe(
  { threads, initially, question }: Pick<Litmus, 'threads' | 'initially' | 'question'>,
  monitors: readonly Monitor[] = [],
): Observed {
  const registers: Registers = new Map();
  const outcomes = new Set<string>();
  const findings = new Set<string>();
  let answer: Litmus['ours'] = 'never';
  const clauses = parse(question);
  const names = [...new Set(clauses.flat().map(([name]) => name))].sort();
  const machine = new Machine(programOf(threads, registers, initially), {
    monitors,
    reorders: 'always',
  });
  const { executions, complete } = dpor(machine, () => {
    for (const { kind } of machine.findings) findings.add(kind);
    if (!machine.tasks.every((task) => task?.done ?? true)) return false; // the kernel's model ignores deadlocks, too
    const state = new Map([...registers, ...machine.runNow(memory())]);
    outcomes.add(names.map((name) => `${name}=${state.get(name) ?? '-'}`).join(' '));
    const holds = clauses.some((clause) =>
      clause.every(([name, value]) => String(state.get(name) ?? '') === value),
    );
    if (holds) answer = 'observed';
    return false;
  });
  return {
    outcomes: [...outcomes].sort(),
    answer,
    executions,
    findings: [...findings].sort(),
    complete,
  };
}

/** A program of these threads; `registers` receives what they read. */
function programOf(
  threads: Threads,
  registers: Registers,
  initially: Litmus['initially'] = {},
): Program {
  return {
    boot(machine) {
      registers.clear();
      machine.runNow(setUp(initially));
      threads.forEach((lines, i) => {
        machine.spawn(`P${i}`, function* (): Op<void> {
          for (const instruction of lines) yield* instruction.run(registers);
        });
      });
    },
  };
}

function* setUp(initially: Readonly<Record<string, number>>): Op<void> {
  for (const { name, cell } of ints) {
    const value = initially[name];
    if (value !== undefined) cell.value = value;
  }
  for (const { name, atomic } of counters) {
    const value = initially[name];
    if (value !== undefined) yield* atomic_set(atomic, value);
  }
}

function* memory(): Op<[string, number][]> {
  const state: [string, number][] = ints.map(({ name, cell }) => [name, cell.value]);
  for (const { name, atomic } of counters) state.push([name, yield* atomic_read(atomic)]);
  return state;
}

/** A question as alternatives of conditions. */
function parse(question: Litmus['question']): (readonly [string, string])[][] {
  return question
    .slice('exists '.length)
    .split(' || ')
    .map((clause) =>
      clause.split(' && ').map((condition) => {
        const [name = '', value = ''] = condition.split('=');
        return [name, value] as const;
      }),
    );
}
