// SPDX-License-Identifier: GPL-2.0-only
/** How it is seen that a sandboxed process has used up what it was given. */
import { watchProcessorTime } from './processor-time';
import type { Processes, Started } from './start';

/** How a process ends that has used up its processor time; bubblewrap tells it as a shell does. */
export const CPU_TIME_USED_UP: readonly string[] = ['SIGXCPU', '152'];

/** The last is what V8 says of an array with more places than it has numbers for. */
export const OUT_OF_MEMORY = /out of memory|allocation failed|invalid size error/i;

/** Where the kernel does not limit processor time, we look; returns what ends the looking. */
export function watched(
  { layers }: Pick<Processes, 'layers'>,
  cpuMs: number,
  { child }: Started,
  over: () => void,
): () => void {
  if (layers.includes('prlimit') || child.pid === undefined) return () => undefined;
  return watchProcessorTime(child.pid, cpuMs, over);
}
