// SPDX-License-Identifier: GPL-2.0-only
/** Files and folders that strangers put there: no link is followed, nothing is waited for, nothing large is read. */
import fs from 'node:fs';
import { codeOf } from '../../errno';

/** Names in a folder, in order, or why they are not read. */
export function namesIn(
  folder: string,
  namesMax: number,
): { readonly names: readonly string[] } | { readonly problem: string } {
  const names: string[] = [];
  try {
    const open = fs.opendirSync(folder);
    try {
      for (let entry = open.readSync(); entry !== null; entry = open.readSync()) {
        if (names.length === namesMax) return { problem: `holds more than ${namesMax} names` };
        names.push(entry.name);
      }
    } finally {
      open.closeSync();
    }
  } catch (error) {
    return { problem: `cannot be read (${codeOf(error)})` };
  }
  return { names: names.sort() };
}

export type Kind = 'file' | 'folder' | 'link' | 'other' | 'nothing';

/** What a path is, without following it. */
export function kindOf(path: string): Kind {
  let stat: fs.Stats | undefined;
  try {
    stat = fs.lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return 'nothing';
  }
  if (stat === undefined) return 'nothing';
  if (stat.isSymbolicLink()) return 'link';
  if (stat.isDirectory()) return 'folder';
  return stat.isFile() ? 'file' : 'other';
}

/** How large a file is; 0 for what is not there. */
export function sizeOf(path: string): number {
  return fs.lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** The bytes of a plain file, or why it is not read. */
export function readPlain(
  path: string,
  bytesMax: number,
): { readonly bytes: Buffer } | { readonly problem: string } {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
  let handle: number;
  try {
    handle = fs.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    const code = codeOf(error);
    return { problem: code === 'ELOOP' ? 'is a symbolic link' : `cannot be read (${code})` };
  }
  try {
    const stat = fs.fstatSync(handle);
    if (!stat.isFile()) return { problem: 'is not a regular file' };
    if (stat.nlink > 1) return { problem: 'is a hard link' };
    if (stat.size > bytesMax) return { problem: `is larger than ${bytesMax} bytes` };
    const bytes = Buffer.alloc(stat.size);
    const length = fs.readSync(handle, bytes, 0, stat.size, 0);
    return { bytes: bytes.subarray(0, length) };
  } finally {
    fs.closeSync(handle);
  }
}
