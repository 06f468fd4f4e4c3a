// SPDX-License-Identifier: GPL-2.0-only
/** Mazurkiewicz traces: executions that differ only in the order of independent steps have the same key. */
import { conflict } from '../machine';
import type { Event } from './explorer';

/** A text that is equal for two executions of one program exactly if they are equivalent. */
export function traceKey(events: readonly Event[]): string {
  const clocks: number[][] = [];
  events.forEach((event, i) => {
    const clock: number[] = [];
    events.slice(0, i).forEach((earlier, j) => {
      if (earlier.task === event.task || conflict(earlier.footprint, event.footprint)) {
        clocks[j]?.forEach((entry, task) => (clock[task] = Math.max(clock[task] ?? 0, entry)));
      }
    });
    clock[event.task] = event.nth + 1;
    clocks.push(clock);
  });
  return events
    .map(
      ({ task, nth, outcome }, i) =>
        `${task}.${nth}${outcome === 0 ? '' : `!${outcome}`}:${text(clocks[i])}`,
    )
    .sort()
    .join(' ');
}

function text(clock: readonly number[] | undefined): string {
  return Array.from<number | undefined>(clock ?? [])
    .map((entry) => entry ?? 0)
    .join(',')
    .replace(/(,0)+$/, '');
}
