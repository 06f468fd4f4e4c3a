// SPDX-License-Identifier: GPL-2.0-only
/** What a scenario lets fail is something that can fail. */
import '../driver-lib';
import { GFP_KERNEL, int, kfree, kmalloc, mayFail } from '../kernel';
import { type Op, struct, UsageError } from '../machine';
import { type Scenario, scenario } from '../scenario/scenario';
import { judgeScenario } from './judge';

const box = struct('box', { n: int });

function failing(failures: Scenario['failures'], task: () => Op<unknown>): Scenario {
  const rest = { id: 'failing', title: 'it fails', task: 1, kind: 'function' } as const;
  return scenario({ ...rest, failures: failures ?? {}, tasks: { task } });
}

function* allocates(): Op<void> {
  yield* kfree(yield* kmalloc(box, GFP_KERNEL));
}

it.each([
  ['of the library', 'kmalloc', allocates],
  ['of the library, although this driver asks for nothing', 'alloc_percpu', allocates],
  ['of a subsystem that is not used', 'genl_register_family', allocates],
  ['of the old IDR', 'idr_pre_get', allocates],
  ['of the old IDR where it must not wait', 'idr_pre_get(GFP_ATOMIC)', allocates],
  ['of a signal', 'signal', allocates],
  ['of a signal that kills', 'fatal_signal', allocates],
  ["of the driver's own", 'register_toy', () => mayFail('register_toy')],
])('a name %s is taken', (_, name, task) => {
  expect(judgeScenario(failing({ [name]: 1 }, task)).status).toBe('pass');
});

it('a name that nothing asks for is an error', () => {
  const judge = (): unknown => judgeScenario(failing({ kmaloc: 1, kmalloc: 1 }, allocates));
  expect(judge).toThrow(UsageError);
  expect(judge).toThrow(
    "failing: nothing asks whether 'kmaloc' fails; correct the name in failures",
  );
});
