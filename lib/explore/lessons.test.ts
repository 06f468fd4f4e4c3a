// SPDX-License-Identifier: GPL-2.0-only
import { cpu_relax, type Op, READ_ONCE, static_var, WRITE_ONCE } from '../index';
import { Machine } from '../machine';
import { dpor } from './dpor';

const ready = static_var('ready', false);

const program = {
  boot(machine: Machine): void {
    machine.spawn('spinner', function* (): Op<void> {
      while (!(yield* READ_ONCE(ready, 'value'))) yield* cpu_relax();
    });
    machine.spawn('setter', () => WRITE_ONCE(ready, 'value', true));
  },
};

describe('what the machine learns', () => {
  it('does not show an execution in which it learns, as the spinner only seems to hang there', () => {
    const machine = new Machine(program);
    let visited = 0;
    let hung = 0;
    const { complete } = dpor(machine, () => {
      visited++;
      if (machine.tasks.some((task) => task?.done === false)) hung++;
      return false; // what the visitor has seen is not forgotten at a restart
    });
    expect({ complete, visited, hung }).toEqual({ complete: true, visited: 2, hung: 0 });
  });
});
