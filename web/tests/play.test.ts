// SPDX-License-Identifier: GPL-2.0-only
/** Being the scheduler in a real browser: the bug is reached by hand, and the link of the game leads to the same place. */
import zlib from 'node:zlib';
import type { Page } from 'playwright-core';
import { turnsIn } from '../play/link';
import { inBrowser, overflow } from '../testing/browser';
import { servedSite } from '../testing/serve';

const KATAS = [
  ['00-lost-update', 'BUG: KCSAN: data-race in tally_write / tally_write'],
  // The first thing that goes wrong; the use after free follows.
  ['01-rbd-put-client', 'refcount_t: addition on 0; use-after-free.'],
  ['13-aio-lookup-ioctx', 'BUG: KASAN: slab-use-after-free in io_submit'],
  ['14-nbd-del-gendisk', 'WARNING: possible circular locking dependency detected'],
] as const;

inBrowser('the scheduler', ({ open }) => {
  const at = servedSite('/sub/path/');

  /** The schedule of the failure that the page shows. */
  async function shortestOf(page: Page, id: string): Promise<string> {
    const packed = await (await page.request.get(at(`katas/${id}/race.json.gz`))).body();
    const race = JSON.parse(zlib.gunzipSync(packed).toString()) as {
      readonly execution: { readonly schedule: string };
    };
    return race.execution.schedule;
  }

  function outcome(page: Page): Promise<string | null> {
    return page.textContent('.scheduler .outcome');
  }

  /** How many steps the game has. */
  function stepsIn(page: Page): number {
    const schedule = new URLSearchParams(new URL(page.url()).hash.slice(1)).get('schedule') ?? '';
    return turnsIn(schedule)?.length ?? 0;
  }

  it.each(KATAS)('reaches the bug of %s by hand, and again by a link', async (id, headline) => {
    const { page, problems } = await open(at(`katas/${id}/index.html`), { width: 390 });
    const turns = turnsIn(await shortestOf(page, id)) ?? [];
    await page.click('button:text-is("Be the scheduler")');
    await page.waitForSelector('.scheduler .cpu-button');
    for (const [made, { path, outcome: way }] of turns.entries()) {
      // CPU 1 is task A: its button, or the button of the way it goes.
      const card = page.locator('.task', { has: page.locator(`.badge:text-is("${path}")`) });
      await card.first().locator('.cpu-button').nth(way).click();
      await page.waitForFunction((count) => {
        const schedule = new URLSearchParams(location.hash.slice(1)).get('schedule') ?? '';
        const words = schedule.split(' ').filter((word) => word !== '');
        return words.reduce((n, word) => n + Number(/\d+$/.exec(word)?.[0] ?? 1), 0) >= count;
      }, made + 1);
      if ((await outcome(page))?.includes('You broke it') === true) break;
    }
    await page.waitForSelector('.scheduler .outcome.found');
    expect(await outcome(page)).toContain(`You broke it: ${headline}`);
    expect(await overflow(page)).toBeLessThanOrEqual(0);

    const again = await open(page.url());
    await again.page.waitForSelector('.scheduler .outcome.found');
    expect(await outcome(again.page)).toContain(`You broke it: ${headline}`);
    expect(stepsIn(again.page)).toBe(stepsIn(page));
    // One step back, nothing has happened yet.
    await again.page.click('.scheduler button:text-is("Undo")');
    await again.page.waitForSelector('.scheduler .outcome:not(.found)', { state: 'attached' });
    expect(stepsIn(again.page)).toBe(stepsIn(page) - 1);
    expect([...problems, ...again.problems]).toEqual([]);
    await again.page.close();
    await page.close();
  });
});
