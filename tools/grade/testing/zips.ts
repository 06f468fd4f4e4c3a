// SPDX-License-Identifier: GPL-2.0-only
/** Zip files for tests, the honest and the other kind. */
import { ZipFile } from 'yazl';

/** A file in an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly contents: string | Buffer;
  /** File kind and permissions; a plain file if left out. */
  readonly mode?: number;
}

export const LINK_MODE = 0o120777;

/** An archive with these files. */
export async function zipOf(entries: readonly ZipEntry[]): Promise<Buffer> {
  const zip = new ZipFile();
  for (const { name, contents, mode = 0o100644 } of entries) {
    zip.addBuffer(Buffer.from(contents), name, { mode, mtime: new Date(2020, 0, 1) });
  }
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer); // no encoding is set
  return Buffer.concat(chunks);
}

/** The archive with one text put in place of another of the same length, wherever it stands. */
export function patched(zip: Buffer, from: string, to: string): Buffer {
  if (from.length !== to.length) throw new Error('a patch keeps the length');
  return Buffer.from(zip.toString('latin1').split(from).join(to), 'latin1');
}

/** The archive with another number of files in its last record. */
export function withCount(zip: Buffer, count: number): Buffer {
  const copy = Buffer.from(zip);
  const at = copy.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  copy.writeUInt16LE(count, at + 8);
  copy.writeUInt16LE(count, at + 10);
  return copy;
}

const CENTRAL = Buffer.from('PK\u0001\u0002', 'latin1');

/** The archive with a field of every entry in its directory changed: offsets as in the format's description. */
export function withField(zip: Buffer, offset: number, bytes: readonly number[]): Buffer {
  const copy = Buffer.from(zip);
  for (let at = copy.indexOf(CENTRAL); at >= 0; at = copy.indexOf(CENTRAL, at + 4)) {
    copy.set(bytes, at + offset);
  }
  return copy;
}
