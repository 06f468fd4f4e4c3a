// SPDX-License-Identifier: GPL-2.0-only
/** A real browser with the built site in it, served from a folder of a server that can do nothing but hand out files. */
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Where Debian, Ubuntu and others put it; KATA_CHROMIUM names another. */
const PLACES = [
  process.env['KATA_CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/** The browser of this machine; null if none is found. */
export function browserPath(): string | null {
  return PLACES.find((file) => file !== '' && fs.existsSync(file)) ?? null;
}

/** Where there is no browser the tests that need one are skipped, and say what they need; with KATA_BROWSER=required, as in .ci/run, they fail. */
export function describeInBrowser(tests: () => void): void {
  const skipped = browserPath() === null && process.env['KATA_BROWSER'] !== 'required';
  (skipped ? describe.skip : describe)(skipped ? NEEDED : 'in a browser', tests);
}

const NEEDED =
  'needs a browser: apt-get install chromium, or name one with KATA_CHROMIUM=/path/to/it';

/** Starts the browser. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = browserPath();
  if (executablePath === null) throw new Error(NEEDED);
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

/** A server of plain files below a prefix. */
export interface Served {
  readonly url: string;
  readonly close: () => void;
}

/** Serves a folder. */
export async function serve(folder: string, prefix: string): Promise<Served> {
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

/** A page that fails the test with whatever it complains about; call `complaints` at the end. */
export interface Watched {
  readonly page: Page;
  readonly complaints: string[];
}

/** Opens a page of the browser whose complaints are collected: errors, and what cannot be fetched. */
export async function watchedPage(
  browser: Browser,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Watched> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  // A busy machine is slow, and that is no fault of a page.
  page.setDefaultTimeout(120_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on('request', (request) => {
    if (!/^(http:\/\/127\.0\.0\.1|data:|blob:)/.test(request.url()))
      complaints.push(`asks the network: ${request.url()}`);
  });
  return { page, complaints };
}
