// SPDX-License-Identifier: GPL-2.0-only
/**
 * Importing this has V8 wait longer before it optimises a function that has run for a while. A driver is new each time it is judged
 * and mostly done with within a second: what is optimised early is thrown away, and while it is compiled a core is missing. Eight
 * times V8's own patience has been measured to be best, for a first judgement by a third and for one in a warm process as well.
 *
 * It comes before everything else: V8 takes code from a pack only if it was made under the same flags.
 */
import v8 from 'node:v8';

// A version of V8 that knows no such flag says so on standard error, and goes on.
v8.setFlagsFromString('--interrupt-budget=1056000');
