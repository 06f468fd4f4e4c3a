// SPDX-License-Identifier: GPL-2.0-only
/** Instructions that depend on a register: conditions, and accesses through a pointer. */
import type { Op } from '../../../lib/machine';
import { type Instruction, plainRead, plainWrite, read } from './instructions';
import { type Int, pointeeOf } from './memory';

/** Runs the body if a register has the value. */
export function when(
  register: string,
  value: number | string,
  ...body: Instruction[]
): Instruction {
  const lines = body.map(({ code }) => code).join('; ');
  return {
    code: `if (${register} == ${value}) { ${lines} }`,
    *run(registers): Op<void> {
      if (registers.get(register) !== value) return;
      for (const instruction of body) yield* instruction.run(registers);
    },
  };
}

function through(register: string, code: string, make: (target: Int) => Instruction): Instruction {
  return {
    code,
    run: (registers) => make(pointeeOf(registers, register)).run(registers),
  };
}

/** Makes a marked read through a register. */
export function readThrough(into: string, register: string): Instruction {
  return through(register, `${into} = READ_ONCE(*${register})`, (target) => read(into, target));
}

/** Makes a plain read through a register. */
export function plainReadThrough(into: string, register: string): Instruction {
  return through(register, `${into} = *${register}`, (target) => plainRead(into, target));
}

/** Makes a plain write through a register. */
export function plainWriteThrough(register: string, value: number): Instruction {
  return through(register, `*${register} = ${value}`, (target) => plainWrite(target, value));
}
