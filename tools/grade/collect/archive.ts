// SPDX-License-Identifier: GPL-2.0-only
/**
 * Drivers out of zip files that strangers made. Nothing is unpacked to disk under a name from the archive; of everything but
 * the drivers only the names are read. An archive that is up to something is a problem of whoever handed it in.
 */
import type { Readable } from 'node:stream';
import zlib from 'node:zlib';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { placeOf } from './places';
import { readPlain } from './plain-file';
import type { Source, Wanted } from './handed-in';

/** An archive may be larger than its drivers, but it is held in memory. */
const ARCHIVE_BYTES_MAX = 64 << 20;
const ENTRIES_MAX = 10_000;
/** A little above what a driver may have, so that grading itself says what is too large. */
export const DRIVER_BYTES_MAX = 1 << 20;

/** A driver in an archive. */
export interface Archived {
  readonly kata: string;
  /** Folders above it that are not part of the layout. */
  readonly above: readonly string[];
  readonly source: Source;
}

/** The drivers in a zip file, or why nothing can be taken from it. */
export async function driversInArchive(file: string, wanted: Wanted): Promise<Drivers> {
  const read = readPlain(file, ARCHIVE_BYTES_MAX);
  if ('problem' in read) return { problem: `the zip file ${read.problem}` };
  return driversInBytes(read.bytes, wanted);
}

/** What a zip file gives. */
export type Drivers = { readonly drivers: readonly Archived[] } | { readonly problem: string };

/** The same for one that has been read. */
export async function driversInBytes(bytes: Buffer, wanted: Wanted): Promise<Drivers> {
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
    return { drivers: await driversIn(zip, wanted) };
  } catch (error) {
    return { problem: `the zip file is refused: ${messageOf(error)}` };
  } finally {
    zip.close();
  }
}

async function driversIn(zip: ZipFile, wanted: Wanted): Promise<Archived[]> {
  const drivers: Archived[] = [];
  for (const entry of await entriesOf(zip)) {
    const place = placeOf(entry.fileName, wanted);
    if (place === null) continue;
    drivers.push({
      kata: place.kata.id,
      above: place.above,
      source: await archivedSource(zip, entry, place.kata.driver, DRIVER_BYTES_MAX),
    });
  }
  return drivers;
}

/** All names; yauzl refuses those that lead out of the archive. */
export function entriesOf(zip: ZipFile): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on('error', reject);
    zip.on('end', () => resolve(entries));
    zip.on('entry', (entry: Entry) => {
      entries.push(entry);
      if (entries.length > ENTRIES_MAX) reject(new Error(`more than ${ENTRIES_MAX} files`));
      else zip.readEntry();
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
