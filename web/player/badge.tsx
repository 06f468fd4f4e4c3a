// SPDX-License-Identifier: GPL-2.0-only
import type { JSX } from 'preact';

/** A task's letter in the colour of its CPU. */
export function Badge({ letter }: { readonly letter: string }): JSX.Element {
  return <span class="badge">{letter}</span>;
}
