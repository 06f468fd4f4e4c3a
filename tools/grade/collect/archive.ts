// SPDX-License-Identifier: GPL-2.0-only
/**
 * Drivers out of zip files that strangers made. Nothing is unpacked to disk under a name from the archive; of everything but
 * the drivers only the names are read. An archive that is up to something is the student's problem.
 */
import type { Readable } from 'node:stream';
import zlib from 'node:zlib';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { held } from './held';
import { type Place, placeOf } from './places';
import { readPlain } from './plain-file';
import type { Source, Wanted } from './handed-in';

/** An archive may be larger than its drivers, but it is held in memory. A student's is a clone at most, a class's holds many. */
export const ARCHIVE_BYTES_MAX = 32 << 20;
export const CLASS_BYTES_MAX = 64 << 20;
const ENTRIES_MAX = 10_000;
/** Twice what a driver may have, so that grading itself says what is a little too large. */
export const DRIVER_BYTES_MAX = 128 << 10;
/** All drivers of one archive. */
const DRIVERS_BYTES_MAX = 64 << 20;
/** No path that a file system takes is longer. */
const NAME_MAX = 4096;

/** A driver in an archive. */
export interface Archived {
  readonly kata: string;
  /** Folders above it that are not part of the layout. */
  readonly above: readonly string[];
  readonly source: Source;
}

export interface ArchiveOptions {
  readonly wanted: Wanted;
  /** Larger archives are not read. */
  readonly bytesMax?: number;
  /** Whose a driver in these folders is; null for nobody's, which is passed over. */
  readonly ownerOf: (above: readonly string[]) => string | null;
}

/**
 * The drivers in a zip file, or why nothing can be taken from it. What is taken is decided by names alone; of two drivers for
 * one kata of one owner neither is unpacked.
 */
export async function driversInArchive(file: string, options: ArchiveOptions): Promise<Drivers> {
  const read = readPlain(file, options.bytesMax ?? ARCHIVE_BYTES_MAX);
  if ('problem' in read) return { problem: `the zip file ${read.problem}` };
  return driversInBytes(read.bytes, options);
}

/** What a zip file gives. */
export type Drivers = { readonly drivers: readonly Archived[] } | { readonly problem: string };

/** The same for one that has been read. */
export async function driversInBytes(bytes: Buffer, options: ArchiveOptions): Promise<Drivers> {
  let zip: ZipFile;
  try {
    zip = await fromBufferPromise(bytes, { lazyEntries: true });
  } catch (error) {
    return { problem: `the zip file is damaged: ${messageOf(error)}` };
  }
  if (zip.entryCount > ENTRIES_MAX) {
    return { problem: `the zip file names ${zip.entryCount} files, more than ${ENTRIES_MAX}` };
  }
  try {
    return { drivers: await driversIn(zip, options) };
  } catch (error) {
    return { problem: `the zip file is refused: ${messageOf(error)}` };
  } finally {
    zip.close();
  }
}

/** A driver by its name. */
interface Named extends Place {
  readonly entry: Entry;
  /** Another one would be the same driver of the same owner. */
  twice: boolean;
}

async function driversIn(zip: ZipFile, options: ArchiveOptions): Promise<Archived[]> {
  const named = await namedIn(zip, options);
  const once = named.filter(({ twice }) => !twice);
  const total = once.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
  if (total > DRIVERS_BYTES_MAX) throw new Error(`drivers of more than ${DRIVERS_BYTES_MAX} bytes`);
  const drivers: Archived[] = [];
  for (const { entry, kata, above, twice } of named) {
    const source = twice
      ? { problem: `${kata.id} was handed in more than once` }
      : held(await archivedSource(zip, entry, kata.driver, DRIVER_BYTES_MAX));
    drivers.push({ kata: kata.id, above, source });
  }
  return drivers;
}

/** What is a driver by its name, each once. */
async function namedIn(zip: ZipFile, { wanted, ownerOf }: ArchiveOptions): Promise<Named[]> {
  const found = new Map<string, Named>();
  await entriesOf(zip, (entry) => {
    const place = placeOf(entry.fileName, wanted);
    const owner = place === null ? null : ownerOf(place.above);
    if (place === null || owner === null) return;
    const key = JSON.stringify([owner, place.kata.id]);
    const first = found.get(key);
    if (first === undefined) found.set(key, { ...place, entry, twice: false });
    else first.twice = true;
  });
  return [...found.values()];
}

/** Shows all entries, one after the other; yauzl refuses names that lead out of the archive. */
export function entriesOf(zip: ZipFile, see: (entry: Entry) => void): Promise<void> {
  let entries = 0;
  return new Promise((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', resolve);
    zip.on('entry', (entry: Entry) => {
      if (++entries > ENTRIES_MAX) {
        reject(new Error(`more than ${ENTRIES_MAX} files`));
        return;
      }
      if (entry.fileName.length <= NAME_MAX) see(entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
}

const FILE_KIND = 0o170000;
const LINK = 0o120000;

/** The bytes of an entry, up to a bound. */
export async function archivedSource(
  zip: ZipFile,
  entry: Entry,
  name: string,
  max: number,
): Promise<Source> {
  const mode = entry.externalFileAttributes >>> 16;
  if ((mode & FILE_KIND) === LINK) return { problem: `${name} is a symbolic link` };
  if (entry.isEncrypted()) return { problem: `${name} is encrypted` };
  if (entry.uncompressedSize > max) {
    return { problem: `${name} is larger than ${max} bytes` };
  }
  try {
    const bytes = await contents(await zip.openReadStreamPromise(entry));
    const whole = zlib.crc32(bytes) === entry.crc32;
    return whole ? { bytes } : { problem: `${name} is damaged: its checksum is wrong` };
  } catch (error) {
    return { problem: `${name} cannot be unpacked: ${messageOf(error)}` };
  }
}

/** What an entry holds; yauzl ends the stream with an error at the first byte more than the entry declares. */
async function contents(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer); // no encoding is set
  return Buffer.concat(chunks);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
