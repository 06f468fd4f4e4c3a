// SPDX-License-Identifier: GPL-2.0-only
/** The player: one execution, step by step. */
import type { JSX } from 'preact';
import type { Execution } from './execution';

export interface PlayerProps {
  readonly execution: Execution;
}

/** Shows an execution. */
export function Player({ execution }: PlayerProps): JSX.Element {
  return (
    <section class="player" aria-label={execution.title}>
      <h2>{execution.finding?.headline ?? execution.title}</h2>
    </section>
  );
}
