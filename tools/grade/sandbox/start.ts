// SPDX-License-Identifier: GPL-2.0-only
/** Sandboxed processes: each started in a group of its own, and ended as one. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { OsLayer } from '../types';
import { commandFor, type Inside } from './layers';

export interface Started {
  readonly child: ChildProcess;
  /** Resolves when the process is gone and its pipes are closed: with its exit code, or with what ended it. */
  readonly closed: Promise<string>;
  /** The end of what it has written to standard error. */
  readonly stderr: () => string;
}

/** The processes of one grader. */
export class Processes {
  readonly #running = new Set<Started>();

  constructor(readonly layers: readonly OsLayer[]) {}

  /** Starts a process behind these layers, with nothing of our environment. */
  start(inside: Inside): Started {
    const started = start(inside, this.layers);
    this.#running.add(started);
    void started.closed.then(() => this.#running.delete(started));
    return started;
  }

  /** Ends every process at once; resolves when none is left. */
  async killAll(): Promise<void> {
    const all = [...this.#running];
    for (const started of all) kill(started);
    await Promise.all(all.map(({ closed }) => closed));
  }
}

function start(inside: Inside, layers: readonly OsLayer[]): Started {
  const { file, args } = commandFor(inside, layers);
  const child = spawn(file, args, {
    env: {},
    cwd: process.platform === 'win32' ? inside.root : '/',
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_MAX);
  });
  child.stdin?.on('error', () => undefined); // it may be gone before it has read all
  const closed = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('close', (code, signal) => {
      resolve(signal ?? String(code));
    });
  });
  const started: Started = { child, closed, stderr: () => stderr };
  // A pipe that something it has started keeps open must not keep us waiting.
  child.once('exit', () => {
    kill(started);
  });
  return started;
}

const STDERR_MAX = 10_000;

/** Ends a process and all in its group. */
export function kill({ child }: Started): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It is gone.
  }
}
