// SPDX-License-Identifier: GPL-2.0-only
/** What the builder wrote into a page, and the files of the site beside it. */
import type { PageData } from './types';

/** What the builder wrote into this page. */
export const told = JSON.parse(document.body.dataset['page'] ?? '{}') as PageData; // the builder has written it

/** The address of a file of the site. */
export function addressOf(file: string): string {
  return new URL(told.root + file, document.baseURI).href;
}

/** A JSON file of the site that is packed, for servers that pack nothing; one that does unpack it is right as well. */
export async function packedFile<T>(file: string): Promise<T> {
  const response = await fetch(addressOf(file));
  if (!response.ok) throw new Error(`${file} cannot be fetched (${response.status})`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const stream = new Blob([bytes]).stream();
  const whole = packed ? stream.pipeThrough(new DecompressionStream('gzip')) : stream;
  return (await new Response(whole).json()) as T; // the builder has written it
}

const fetched = new Map<string, Promise<unknown>>();

/** A JSON file of the site, fetched once. */
export function siteFile<T>(file: string): Promise<T> {
  let found = fetched.get(file);
  if (found === undefined) {
    found = fetch(addressOf(file)).then((response) => {
      if (!response.ok) throw new Error(`${file} cannot be fetched (${response.status})`);
      return response.json();
    });
    fetched.set(file, found);
    found.catch(() => fetched.delete(file));
  }
  return found as Promise<T>; // the builder has written it
}
