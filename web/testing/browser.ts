// SPDX-License-Identifier: GPL-2.0-only
/**
 * A real browser for tests: Chromium, as Debian and others have it. Where there is none the tests are skipped under a name that says
 * how to get one; with KATA_BROWSER=required, as in .ci/run, they fail.
 */
import fs from 'node:fs';
import path from 'node:path';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** Where it is on systems that do not put it on the PATH. */
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/** The browser's file; null if this machine has none. */
function browserFile(): string | null {
  const { KATA_CHROMIUM: named, PATH = '' } = process.env;
  if (named !== undefined) return named;
  const files = PATH.split(path.delimiter).flatMap((folder) =>
    NAMES.map((name) => path.join(folder, name)),
  );
  return [...files, ...PLACES].find((file) => fs.existsSync(file)) ?? null;
}

/** A page under test, and what went wrong in it so far. */
export interface Visit {
  readonly page: Page;
  /** Errors on the console, exceptions, and requests that left the page. */
  readonly problems: readonly string[];
}

export interface VisitOptions {
  readonly width?: number;
  readonly dark?: boolean;
}

/** What tests do with a browser. */
export interface Visitor {
  readonly open: (url: string, options?: VisitOptions) => Promise<Visit>;
}

/** A group of tests in one browser. */
export function inBrowser(name: string, tests: (visitor: Visitor) => void): void {
  const file = browserFile();
  if (file === null && process.env.KATA_BROWSER !== 'required') {
    describe.skip(`${name}: no browser here; install chromium, or name one in KATA_CHROMIUM`, () => {
      it('needs a browser', () => undefined);
    });
    return;
  }
  describe(name, () => {
    let browser: Browser;
    beforeAll(async () => {
      if (file === null)
        throw new Error('no browser: install chromium, or name one in KATA_CHROMIUM');
      browser = await chromium.launch({ executablePath: file, args: ['--no-sandbox'] });
    });
    afterAll(() => browser.close());
    tests({ open: (url, options) => visit(browser, url, options) });
  });
}

async function visit(browser: Browser, url: string, options: VisitOptions = {}): Promise<Visit> {
  const { width = 1280, dark = false } = options;
  const viewport = { width, height: 900 };
  const page = await browser.newPage({ viewport, colorScheme: dark ? 'dark' : 'light' });
  // A busy machine is slow; a page is not to blame for that.
  page.setDefaultTimeout(120_000);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()))
      problems.push(`${message.text()} ${message.location().url}`);
  });
  page.on('request', (request) => {
    if (/^(?:https?|wss?):/.test(request.url()) && !request.url().startsWith('http://127.0.0.1')) {
      problems.push(`asks ${request.url()}`);
    }
  });
  await page.goto(url, { waitUntil: 'networkidle' });
  return { page, problems };
}

/** What axe finds, gravest first: its rule, how grave, and the elements. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // Not a script element: a page's policy forbids those.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, impact, nodes }) =>
        `${impact ?? ''} ${id}: ${nodes
          .map(({ html }) => html)
          .join(' | ')
          .slice(0, 600)}`,
    );
}

/** How many pixels a page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}
