// SPDX-License-Identifier: GPL-2.0-only
/** Executions written as pages by `kata trace --format html`, in a real browser: opened from disk, stepped through by keyboard. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { accessibilityProblems, inBrowser, overflow } from '../testing/browser';

const root = path.join(__dirname, '..', '..');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-pages-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** The page of a kata's shortest failure. */
function written(kata: string): string {
  const file = path.join(folder, `${kata}.html`);
  if (!fs.existsSync(file)) {
    const args = ['bin/kata.js', 'trace', kata, '--format', 'html', '-o', file];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  }
  return file;
}

interface Shown {
  readonly headline: string;
  readonly sentence: string;
  /** The finding has happened. */
  readonly known: boolean;
}

function shown(page: Page): Promise<Shown> {
  return page.evaluate(() => ({
    headline: document.querySelector('.headline')?.textContent ?? '',
    sentence: document.querySelector('[role="status"]')?.textContent ?? '',
    known: document.querySelector('.headline.known') !== null,
  }));
}

const KATAS = [
  ['00', 'EXPECTATION FAILED: two writes were counted: expected 2, got 1', 'expect_eq()'],
  ['01', 'BUG: KASAN: slab-use-after-free in useClient', 'ceph_osdc_start_request(ceph_client#1)'],
  ['13', 'BUG: KASAN: slab-use-after-free in io_submit', 'percpu_ref_put(kioctx#1.users)'],
  ['14', 'WARNING: possible circular locking dependency detected', 'idr_remove(nbd_index_idr)'],
] as const;

inBrowser('a page of an execution', ({ open }) => {
  it.each(KATAS)(
    'steps through the shortest failure of kata %s',
    async (kata, headline, guilty) => {
      const { page, problems } = await open(pathToFileURL(written(kata)).href);
      expect((await shown(page)).headline).toContain(headline);
      expect((await shown(page)).sentence).toContain('Before the first step.');

      const seen: string[] = [];
      for (let known = false, last = (await shown(page)).sentence; !known;) {
        await page.keyboard.press('ArrowRight');
        // The sentence changes when the page has been drawn again.
        await page.waitForFunction(
          (before) => document.querySelector('[role="status"]')?.textContent !== before,
          last,
        );
        const now = await shown(page);
        known = now.known;
        last = now.sentence;
        seen.push(last);
      }
      expect(seen.at(-1)).toContain(headline);
      expect(seen.at(-1)).toContain(guilty);
      expect(new Set(seen).size).toBe(seen.length);

      await page.keyboard.press('Home');
      await expect(page.locator('.headline.known').count()).resolves.toBe(0);
      await page.keyboard.press('g');
      await expect(page.locator('.row.now.guilty').count()).resolves.toBeGreaterThan(0);
      await page.keyboard.press('o');
      expect(problems).toEqual([]);
      await page.close();
    },
  );

  it('keeps a step that is taken before the page is painted', async () => {
    const { page } = await open(pathToFileURL(written('00')).href);
    await page.addInitScript(() => {
      new MutationObserver((_, observer) => {
        const step = document.querySelector<HTMLElement>('.player .primary');
        if (step === null) return;
        observer.disconnect();
        step.click();
      }).observe(document, { subtree: true, childList: true });
    });
    await page.reload();
    await page.waitForLoadState('networkidle');
    await page.evaluate(
      () => new Promise((painted) => requestAnimationFrame(() => setTimeout(painted))),
    );
    expect((await shown(page)).sentence).toContain('Step 1');
    await page.close();
  });

  it('shows what every row of the report says', async () => {
    const file = written('01');
    const { page } = await open(pathToFileURL(file).href);
    const lines = await page.locator('.row-text').allTextContents();
    expect(
      lines.filter((text) => text.includes('kref_put(rbd_client#1.kref) 1 -> 0')),
    ).toHaveLength(1);
    await expect(page.locator('.report pre').textContent()).resolves.toContain(
      "replay it: npx kata replay 01 'A2 B8 A6 B1'",
    );
    await page.close();
  });

  it.each([
    ['00', 390, false],
    ['01', 390, true],
    ['13', 390, false],
    ['14', 1280, true],
  ])('is accessible and fits: kata %s, %d pixels, dark %s', async (kata, width, dark) => {
    const { page } = await open(pathToFileURL(written(kata)).href, { width, dark });
    for (const key of ['g', 'o']) await page.keyboard.press(key);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.close();
  });
});

it('is one file of less than a megabyte, which names no other', () => {
  const page = fs.readFileSync(written('13'), 'utf8');
  expect(page.length).toBeLessThan(1_000_000);
  expect(page).toContain("default-src 'none'");
  expect(page).not.toMatch(/(?:src|href)="/);
});
