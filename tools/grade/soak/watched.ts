// SPDX-License-Identifier: GPL-2.0-only
/** Runs the grader as a user would, in a world of its own, and looks at what it leaves behind. Linux only: it reads /proc. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** How a run ended. */
export interface Watched {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Command lines of processes it started that are still there. */
  readonly left: readonly string[];
  readonly ms: number;
}

export interface WatchOptions {
  readonly root: string;
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Sends this signal to the grader, and to nobody else, after so long. */
  readonly kill?: { readonly afterMs: number; readonly signal: NodeJS.Signals };
}

/** Time for orphans to notice that their parent is gone. */
const GRACE_MS = 5000;
const POLL_MS = 100;

/** Runs `kata` with these arguments. */
export async function runWatched(args: readonly string[], options: WatchOptions): Promise<Watched> {
  const { root, cwd, env = {}, kill } = options;
  const started = performance.now();
  const child = spawn(process.execPath, [path.join(root, 'bin', 'kata.js'), ...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', TMPDIR: path.join(cwd, 'tmp'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  fs.mkdirSync(path.join(cwd, 'tmp'), { recursive: true });
  const family = new Map<number, string>();
  const look = (): void => {
    for (const [pid, start] of descendants(child.pid ?? 0)) family.set(pid, start);
  };
  const poll = setInterval(look, POLL_MS);
  const [stdout, stderr] = [text(child.stdout), text(child.stderr)];
  const killer = setTimeout(() => {
    look();
    child.kill(kill?.signal);
  }, kill?.afterMs ?? 0x7fff_ffff);
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.once('exit', (...how) => resolve(how)),
  );
  clearInterval(poll);
  clearTimeout(killer);
  const ms = performance.now() - started;
  return {
    code,
    signal,
    stdout: await stdout,
    stderr: await stderr,
    left: await stillThere(family),
    ms,
  };
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  let all = '';
  for await (const chunk of stream) all += String(chunk);
  return all;
}

async function stillThere(family: ReadonlyMap<number, string>): Promise<string[]> {
  const began = performance.now();
  for (;;) {
    const alive = [...family].filter(([pid, start]) => statOf(pid)?.start === start);
    if (alive.length === 0 || performance.now() - began > GRACE_MS) {
      return alive.map(([pid]) => commandLine(pid));
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** All processes below one, with the time each was started: a number may be given to another one later. */
function descendants(root: number): Map<number, string> {
  const all = fs.readdirSync('/proc').flatMap((name) => {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : null;
    return stat === null ? [] : [{ pid: Number(name), ...stat }];
  });
  const found = new Map<number, string>();
  let parents = [root];
  while (parents.length > 0) {
    const children = all.filter(({ parent }) => parents.includes(parent));
    for (const { pid, start } of children) found.set(pid, start);
    parents = children.map(({ pid }) => pid);
  }
  return found;
}

interface Stat {
  readonly parent: number;
  readonly start: string;
}

/** From /proc/PID/stat; null for what is gone, or only waits to be collected. */
function statOf(pid: number): Stat | null {
  let stat: string;
  try {
    stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? null : { parent: Number(fields[1]), start: fields[19] ?? '' };
}

function commandLine(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
  } catch {
    return '';
  }
}
