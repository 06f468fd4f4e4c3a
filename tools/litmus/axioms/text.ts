// SPDX-License-Identifier: GPL-2.0-only
/** Programs as litmus tests in the kernel's format. */
import { type Line, type Place, pointedTo, POINTER, type Program } from './program';

const FENCES = {
  mb: 'smp_mb();',
  rmb: 'smp_rmb();',
  wmb: 'smp_wmb();',
  'before-atomic': 'smp_mb__before_atomic();',
  'after-atomic': 'smp_mb__after_atomic();',
  'after-spinlock': 'smp_mb__after_spinlock();',
  'rcu-lock': 'rcu_read_lock();',
  'rcu-unlock': 'rcu_read_unlock();',
  'sync-rcu': 'synchronize_rcu();',
} as const;

const SUFFIXES = {
  none: '',
  relaxed: '_relaxed',
  acquire: '_acquire',
  release: '_release',
  full: '',
};

/** The text of a program as a litmus test. */
export function textOf(program: Program, name = 'random'): string {
  const threads = program.map(
    (lines, t) =>
      `P${t}(int *x, int *y, int *z, int **p, spinlock_t *l)\n{\n${declared(lines)}${lines.map(code).join('\n')}\n}`,
  );
  return `C ${name}\n\n{ p=z; }\n\n${threads.join('\n\n')}\n\nexists (x=0)\n`;
}

/** Registers are declared first, so that each has a value wherever the thread ends. */
function declared(lines: readonly Line[]): string {
  const registers = lines.flatMap(function named(line): string[] {
    if (line.op === 'when') return line.lines.flatMap(named);
    if (!('to' in line) || (line.op === 'inc' && line.order === 'none')) return [];
    return [line.op === 'read' && line.at === POINTER ? `int *${line.to};` : `int ${line.to} = 0;`];
  });
  return registers.map((line) => `${line}\n`).join('');
}

function place(at: Place): string {
  return typeof at === 'string' ? at : at.register;
}

function code(line: Line): string {
  switch (line.op) {
    case 'write': {
      const target = place(line.at);
      const value =
        typeof line.value === 'number' ? (pointedTo(line.value) ?? line.value) : line.value;
      if (line.how === 'once') return `WRITE_ONCE(*${target}, ${value});`;
      return line.how === 'release'
        ? `smp_store_release(${target}, ${value});`
        : `*${target} = ${value};`;
    }
    case 'read': {
      const source = place(line.at);
      if (line.how === 'once') return `${line.to} = READ_ONCE(*${source});`;
      return `${line.to} = ${line.how === 'acquire' ? `smp_load_acquire(${source})` : `*${source}`};`;
    }
    case 'fence':
      return FENCES[line.fence];
    case 'xchg':
      return `${line.to} = xchg${SUFFIXES[line.order]}(${line.at}, ${line.value});`;
    case 'cmpxchg':
      return `${line.to} = cmpxchg${SUFFIXES[line.order]}(${line.at}, 0, ${line.value});`;
    case 'inc':
      return line.order === 'none'
        ? `atomic_inc(${line.at});`
        : `${line.to} = atomic_inc_return${SUFFIXES[line.order]}(${line.at});`;
    case 'lock':
      return 'spin_lock(l);';
    case 'unlock':
      return 'spin_unlock(l);';
    case 'when':
      return `if (${line.register}) {\n${line.lines.map(code).join('\n')}\n}`;
  }
}
