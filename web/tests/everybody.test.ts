// SPDX-License-Identifier: GPL-2.0-only
/**
 * Pages for everybody: nothing that axe calls serious, and nothing wider than a phone. A few pages of each kind; KATA_PAGES=all looks at
 * every page but the reference, in light and dark, and at every twentieth page of that.
 */
import { accessibilityProblems, inBrowser, overflow } from '../testing/browser';
import { builtSite } from '../testing/built';
import { servedSite } from '../testing/serve';
import { readSite } from '../../tools/docs/site-links';

const all = process.env.KATA_PAGES === 'all';

const SOME = [
  ...['index.html', 'katas/index.html', 'progress.html', 'search.html'],
  ...['katas/01-rbd-put-client/index.html', 'guides/reports.html', 'api/functions/spin_lock.html'],
];

const DARK = ['guides/memory-ordering.html'];

inBrowser('a page', ({ open }) => {
  const at = servedSite('/');

  async function addresses(some: readonly string[]): Promise<readonly string[]> {
    if (!all) return some;
    const pages = [...readSite(await builtSite()).keys()].filter((file) => file.endsWith('.html'));
    return pages.filter((file, i) => !file.startsWith('api/') || i % 20 === 0);
  }

  it.each([
    ['light', 390, SOME],
    ['dark', 1280, DARK],
  ] as const)(
    'is for everybody: %s, %d pixels',
    async (scheme, width, some) => {
      const wrong: string[] = [];
      const { page, problems } = await open(at('index.html'), { width, dark: scheme === 'dark' });
      for (const address of await addresses(some)) {
        await page.goto(at(address));
        const [wider, grave] = [await overflow(page), await accessibilityProblems(page)];
        if (wider > 0) wrong.push(`${address}: ${wider} pixels too wide`);
        wrong.push(...grave.map((problem) => `${address}: ${problem}`));
      }
      expect(wrong).toEqual([]);
      expect(problems).toEqual([]);
      await page.close();
    },
    all ? 3_600_000 : 180_000,
  );
});
