// SPDX-License-Identifier: GPL-2.0-only
/** What is behind an atomic_t and an atomic_long_t. */
import { makeHandle } from '../machine';
import type { atomic_t } from './atomic';
import { Counter } from './counter';

/** An integer that is read and changed indivisibly. */
export class Atomic extends Counter {
  readonly typeName: string = 'atomic_t';
  readonly handle: atomic_t = makeHandle(this);
  first = 0;

  protected override reset(): void {
    super.reset();
    this.state = this.first;
  }
}
