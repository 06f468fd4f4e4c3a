// SPDX-License-Identifier: GPL-2.0-only
/** The built site behind a server that can do nothing but hand out files, as any web host can. */
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { builtSite } from './built';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

/** A server of plain files below a prefix. */
interface Served {
  readonly url: string;
  readonly close: () => void;
}

/** Serves the site to the tests of a group; the result gives the address of a page, once they run. */
export function servedSite(prefix: string): (address: string) => string {
  let served: Served | undefined;
  beforeAll(async () => {
    served = await serve(await builtSite(), prefix);
  }, 600_000);
  afterAll(() => served?.close());
  return (address) => {
    if (served === undefined) throw new Error('the site is served while tests run');
    return served.url + address;
  };
}

async function serve(folder: string, prefix: string): Promise<Served> {
  const server = http.createServer(({ url = '/' }, response) => {
    const name = decodeURIComponent(new URL(url, 'http://localhost').pathname);
    const file = path.join(folder, name.slice(prefix.length));
    if (!name.startsWith(prefix) || !fs.statSync(file, { throwIfNoEntry: false })?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    const type = TYPES[path.extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type }).end(fs.readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port
  return { url: `http://127.0.0.1:${port}${prefix}`, close: () => server.close() };
}
