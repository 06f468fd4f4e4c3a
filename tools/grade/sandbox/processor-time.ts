// SPDX-License-Identifier: GPL-2.0-only
/**
 * The processor time of one process and of what it has started, for machines where the kernel cannot take a limit of it
 * (prlimit). The wall clock is not a measure: it counts what all others on the machine do.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

/** Between two looks. */
const EVERY_MS = 500;

/** Calls `over` when the process has used so much; returns what ends the watch. */
export function watchProcessorTime(pid: number, limitMs: number, over: () => void): () => void {
  const timer = setInterval(() => {
    if ((processorTimeOf(pid) ?? 0) < limitMs) return;
    clearInterval(timer);
    over();
  }, EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

/** Milliseconds; null where nobody says. */
export function processorTimeOf(pid: number): number | null {
  if (process.platform === 'linux') return fromProc(pid);
  if (process.platform === 'win32') return null;
  const { stdout } = spawnSync('ps', ['-o', 'time=', '-p', String(pid)], { encoding: 'utf8' });
  return fromPs(stdout);
}

/** Of a second there are so many ticks in /proc, on every architecture that Node runs on. */
const TICKS = 100;

function fromProc(pid: number): number | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name stands in parentheses and may hold anything; from utime on there are numbers.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const own = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0);
    const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    const below = children.split(' ').filter((child) => child !== '');
    const theirs = below.reduce((sum, child) => sum + (fromProc(Number(child)) ?? 0), 0);
    return (own * 1000) / TICKS + theirs;
  } catch {
    return null;
  }
}

/** `12:34.56`, `1:02:03`, `2-01:02:03`. */
export function fromPs(text: string): number | null {
  const found = /^\s*(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)\s*$/.exec(text);
  if (found === null) return null;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = found
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
