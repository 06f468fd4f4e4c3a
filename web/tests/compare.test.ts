// SPDX-License-Identifier: GPL-2.0-only
/** The comparison in a real browser: the learner's driver beside the port, the solution and a wrong answer, and what breaks that one. */
import type { Page } from 'playwright-core';
import { accessibilityProblems, inBrowser, overflow } from '../testing/browser';
import { servedSite } from '../testing/serve';

inBrowser('the comparison', ({ open }) => {
  const at = servedSite('/');
  const address = (): string => at('katas/01-rbd-put-client/index.html');

  function sides(page: Page): Promise<string | null> {
    return page.textContent('#comparison .sides [role=status]');
  }

  async function changed(page: Page, before: string): Promise<string | null> {
    await page.waitForFunction(
      (text) => document.querySelector('#comparison .sides [role=status]')?.textContent !== text,
      before,
    );
    return sides(page);
  }

  it('shows the port beside what is in the editor, as it is edited', async () => {
    const { page, problems } = await open(address());
    await page.click('#compare-now');
    const same = 'Both drivers are the same, letter by letter.';
    await page.waitForSelector(`#comparison :text-is("${same}")`);
    // It gives no answer away.
    await expect(page.locator('#comparison option').allTextContents()).resolves.toEqual([
      'the driver as shipped',
    ]);
    await page.click('#edit');
    await page.click('.workshop .cm-content');
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText('// mine\n');
    expect(await changed(page, same)).toBe('1 place differs. Yours is on the left.');
    await expect(page.locator('.beside .cm-merge-a .cm-changedLine').count()).resolves.toBe(1);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('shows a wrong answer beside it, and the interleaving that breaks that', async () => {
    const { page, problems } = await open(address());
    let workers = 0;
    page.on('worker', () => workers++);
    await page.click('#answers-anyway');
    await page.click('.answer summary:text-is("The solution")');
    await page.click('.answer[open] button:text-is("Beside mine")');
    await page.waitForSelector('#comparison .beside .cm-editor');
    await page.waitForSelector('#comparison .sides :text-matches("differ.*left")');
    await expect(page.locator('#comparison .player').count()).resolves.toBe(0);
    await page.selectOption('#comparison select', { value: 'wrong/dying-flag' });
    await page.waitForSelector('#comparison .player .headline');
    expect(await page.textContent('#comparison .player .headline')).toMatch(/BUG: |WARNING: /);
    // The engine that has answered goes on to the next.
    await page.selectOption('#comparison select', { value: 'wrong/lock-twice' });
    await page.waitForSelector('#comparison .player', { state: 'detached' });
    await page.waitForSelector('#comparison .player .headline');
    expect(workers).toBe(1);
    await page.setViewportSize({ width: 390, height: 800 });
    await page.waitForSelector('#comparison .sides :text-matches("Red is in yours only")');
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(problems).toEqual([]);
    await page.close();
  });
});
