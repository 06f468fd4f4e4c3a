// SPDX-License-Identifier: GPL-2.0-only
/** How a driver is called: its clients, as text, so that what is printed is what was run. */
import { aio } from './clients/aio';
import type { Part } from './clients/client';
import { descriptors } from './clients/descriptors';
import { dm, eventful, minors, named, unloaded } from './clients/dm';
import { checkpoints } from './clients/f2fs';
import { privateMapping } from './clients/gup';
import { limited, mounts, ownMounts, semaphores } from './clients/namespace';
import { nbd } from './clients/nbd';
import { bluetooth, ring, sequencer, touchscreen, vsock } from './clients/public';
import { rbd } from './clients/rbd';
import { sixpack } from './clients/sixpack';
import { buffer, compaction, fanout, pvclock, tally, xsk } from './clients/small';
import { timerfd } from './clients/timerfd';
import { frames } from './clients/tty';

/** The clients of a driver: its parts put together. */
export interface Client {
  readonly text: string;
  readonly calls: readonly string[];
  /** Operations that may fail, in programs with failures. */
  readonly failures: Readonly<Record<string, number>>;
  /** Further lines of a scenario. */
  readonly options: readonly string[];
  /** What is left in the end, one expression of `w` for each part. */
  readonly left: readonly string[];
}

/** By the name of the driver's file. Of those that have a world the first that the driver can serve is taken. */
const PARTS: Readonly<Record<string, readonly Part[]>> = {
  'tally.ts': [tally],
  'rbd.ts': [rbd],
  'idr.ts': [minors],
  'dm.ts': [dm, named, unloaded, eventful],
  'aio.ts': [aio],
  'nbd.ts': [nbd],
  'namespace.ts': [ownMounts, limited, semaphores, mounts],
  'compaction.ts': [compaction],
  'buffer.ts': [buffer],
  'xsk.ts': [xsk],
  'pvclock.ts': [pvclock],
  'af_packet.ts': [fanout, ring],
  'cyttsp4_core.ts': [touchscreen],
  'btsdio.ts': [bluetooth],
  'seq_memory.ts': [sequencer],
  'file.ts': [descriptors],
  'af_vsock.ts': [vsock],
  'timerfd.ts': [timerfd],
  'n_hdlc.ts': [frames],
  'f2fs.ts': [checkpoints],
  'sixpack.ts': [sixpack],
  'gup.ts': [privateMapping],
};

/** Which drivers have clients. */
export const WITH_CLIENTS: readonly string[] = Object.keys(PARTS);

/** The clients of a driver in a file of that name, with what it exports; null if nobody has written any. */
export function clientOf(file: string, driver: Readonly<Record<string, unknown>>): Client | null {
  const all = (PARTS[file] ?? []).filter((part) => isFor(part, driver));
  const parts = all.filter((part) => !hasWorld(part) || part === all.find(hasWorld));
  if (parts.length === 0) return null;
  const mayKeep = merged(parts.map((part) => part.mayKeep ?? {}));
  const stepsMax = Math.max(0, ...parts.map((part) => part.stepsMax ?? 0));
  return {
    text: parts.map(({ text }) => text).join('\n'),
    calls: parts.flatMap(({ calls }) => calls),
    failures: merged(parts.map((part) => part.failures ?? {})),
    options: [
      ...(Object.keys(mayKeep).length === 0 ? [] : [`mayKeep: ${JSON.stringify(mayKeep)},`]),
      ...(stepsMax === 0 ? [] : [`stepsMax: ${stepsMax},`]),
    ],
    left: parts.flatMap(({ left }) => left ?? []).reverse(),
  };
}

type Counts = Readonly<Record<string, number>>;

function merged(counts: readonly Counts[]): Counts {
  return Object.fromEntries(counts.flatMap((each) => Object.entries(each)));
}

function hasWorld({ text }: Part): boolean {
  return text.includes('function* world(');
}

function isFor({ text, calls }: Part, driver: Readonly<Record<string, unknown>>): boolean {
  const asked = [text, ...calls].join('\n').matchAll(/\bdriver\.(\w+)/g);
  return [...asked].every(([, name = '']) => name in driver);
}
