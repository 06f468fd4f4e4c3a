// SPDX-License-Identifier: GPL-2.0-only
/** Random small programs: made by fast-check, printed as code, run on a machine. */
import * as fc from 'fast-check';
import type { Machine, Op, Program, Task } from '../../machine';
import {
  FAMILIES,
  type Instruction,
  prepareInterrupts,
  prepareMemory,
  prepareRefs,
  type Registers,
} from './instructions';

/** An instruction by number, and its condition: always, if the last result was not zero, or if it was zero. */
export interface Line {
  readonly family: number;
  readonly kind: number;
  readonly object: number;
  readonly value: number;
  readonly condition: 'always' | 'last' | '!last';
}

export type Source = readonly (readonly Line[])[];

const line: fc.Arbitrary<Line> = fc.record({
  family: fc.nat(FAMILIES.length - 1),
  kind: fc.nat(30),
  object: fc.nat(1),
  value: fc.nat(2),
  condition: fc.constantFrom('always', 'last', '!last'),
});

/** Programs of two to four tasks with up to `linesMax` instructions each. */
export function sources(linesMax: number): fc.Arbitrary<Source> {
  return fc.array(fc.array(line, { minLength: 1, maxLength: linesMax }), {
    minLength: 2,
    maxLength: 4,
  });
}

function instruction({ family, kind, object, value }: Line): Instruction {
  const makers = FAMILIES[family] ?? [];
  const make = makers[kind % makers.length];
  if (make === undefined) throw new Error('no such instruction');
  return make(object, value);
}

/** The program as text, a task per paragraph. */
export function print(source: Source): string {
  return source
    .map((lines, task) => {
      const body = lines.map(
        (one) =>
          `  ${one.condition === 'always' ? '' : `if (${one.condition}) `}${instruction(one).code};`,
      );
      return [`task ${task}:`, ...body].join('\n');
    })
    .join('\n');
}

/**
 * The program, and the values that its tasks have seen, which are part of the outcome. With `alike`, all tasks run the
 * lines of the first one.
 */
export function compile(source: Source, alike?: boolean): Program & { registers: Registers[] } {
  const program = {
    registers: [] as Registers[],
    boot(machine: Machine): void {
      machine.failures.set('it', 1);
      machine.failures.set('signal', 1);
      prepareMemory(machine);
      machine.runNow(prepareRefs());
      machine.runNow(prepareInterrupts());
      program.registers = source.map(() => ({ last: 0, held: [] }));
      let previous: Task | null = null;
      for (const [task, registers] of program.registers.entries()) {
        const lines = source[alike === undefined ? task : 0] ?? [];
        const like = alike === true ? previous : null;
        previous = machine.spawn(`t${task}`, () => body(lines, registers), 'process', like);
      }
    },
  };
  return program;
}

function* body(lines: readonly Line[], registers: Registers): Op<void> {
  for (const one of lines) {
    if (one.condition !== (registers.last === 0 ? 'last' : '!last'))
      yield* instruction(one).run(registers);
  }
}
