// SPDX-License-Identifier: GPL-2.0-only
/** Interrupts: lines that are raised, disabled, freed and waited for, and sections in which they are off. */
import * as k from '../../../kernel';
import { raise_irq } from '../../../kernel/interrupt';
import type { Op } from '../../../machine';
import { doing, giving, type Make, pick, taking, trying, two } from './kit';
import { spins } from './locks';

const events = two((name) => k.DEFINE_ATOMIC(name, 0), 'event');

const LINES = [3, 4] as const;

/** Both lines count; the first one's handler takes a spinlock that tasks take as well. */
const HANDLERS = [
  function* (): Op<number> {
    yield* k.spin_lock(pick(spins, 0));
    yield* k.atomic_inc(pick(events, 0));
    yield* k.spin_unlock(pick(spins, 0));
    return k.IRQ_HANDLED;
  },
  function* (): Op<number> {
    yield* k.atomic_inc(pick(events, 1));
    return k.IRQ_HANDLED;
  },
] as const;

/** Installs the handlers, in set-up. */
export function* prepareInterrupts(): Op<void> {
  for (const i of [0, 1])
    yield* k.request_irq(pick(LINES, i), pick(HANDLERS, i), 0, `dev${i}`, null);
}

const irq = (i: number): number => pick(LINES, i);

export const interrupting: Make[] = [
  (i) => doing(`raise_irq(${irq(i)})`, () => raise_irq(irq(i))),
  (i) => doing(`raise_irq(${irq(i)})`, () => raise_irq(irq(i))),
  (i) => doing(`disable_irq(${irq(i)})`, () => k.disable_irq(irq(i))),
  (i) => doing(`disable_irq_nosync(${irq(i)})`, () => k.disable_irq_nosync(irq(i))),
  (i) => doing(`enable_irq(${irq(i)})`, () => k.enable_irq(irq(i))),
  (i) => doing(`synchronize_irq(${irq(i)})`, () => k.synchronize_irq(irq(i))),
  (i) => doing(`free_irq(${irq(i)})`, () => k.free_irq(irq(i), null)),
  () => taking('local_irq_disable', k.local_irq_disable, k.local_irq_enable),
  () => taking('local_bh_disable', k.local_bh_disable, k.local_bh_enable),
  (i) =>
    doing(`spin_lock_irqsave(s${i})`, function* (registers) {
      const flags = yield* k.spin_lock_irqsave(pick(spins, i));
      registers.held.push(() => k.spin_unlock_irqrestore(pick(spins, i), flags));
    }),
  (i) =>
    taking(
      `spin_lock_bh(s${i})`,
      () => k.spin_lock_bh(pick(spins, i)),
      () => k.spin_unlock_bh(pick(spins, i)),
    ),
  (i) =>
    trying(
      `spin_trylock_irq(s${i})`,
      () => k.spin_trylock_irq(pick(spins, i)),
      () => k.spin_unlock_irq(pick(spins, i)),
    ),
  (i) => giving(`atomic_read(event${i})`, () => k.atomic_read(pick(events, i))),
];
