// SPDX-License-Identifier: GPL-2.0-only
/**
 * The pictures in docs/screens are of the site as it is. Fonts differ between machines, so what is compared is the text that a
 * picture shows; KATA_SCREENS=write takes the pictures again.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { inBrowser } from '../testing/browser';
import { root } from '../testing/built';
import { servedSite } from '../testing/serve';

const FOLDER = path.join(root, 'docs', 'screens');
const writes = process.env.KATA_SCREENS === 'write';

/** Compares what a part of a page says with what the picture of it shows. */
async function looksAs(name: string, part: Locator): Promise<void> {
  const told = `${(await part.innerText()).replace(/\s+/g, ' ').trim()}\n`;
  const text = path.join(FOLDER, `${name}.txt`);
  if (writes) {
    fs.mkdirSync(FOLDER, { recursive: true });
    await part.screenshot({ path: path.join(FOLDER, `${name}.png`) });
    fs.writeFileSync(text, told);
  }
  expect(fs.existsSync(path.join(FOLDER, `${name}.png`))).toBe(true);
  expect(told).toBe(fs.readFileSync(text, 'utf8'));
}

inBrowser('the pictures in the guides', ({ open }) => {
  const at = servedSite('/');

  it('show the player at the guilty step', async () => {
    const { page } = await open(at('katas/01-rbd-put-client/index.html'), { width: 1000 });
    await page.locator('#player .player').focus();
    await page.click('#player button:text("Guilty step")');
    await page.waitForSelector('#player .row.now.guilty');
    await page.waitForSelector('#player .listing[aria-busy=false]');
    await page.addStyleTag({ content: '.player .report, .player .keys { display: none }' });
    await looksAs('player', page.locator('#player'));
    await page.close();
  });

  it('show a verdict in the page', async () => {
    const { page } = await open(at('katas/00-lost-update/index.html'), { width: 1000 });
    await page.click('#edit');
    await page.click('.tools button:text-is("Judge it")');
    await page.waitForSelector('.verdict pre');
    await page.addStyleTag({
      content: '.cm-editor { max-height: 16rem } .verdict pre { max-height: 24rem }',
    });
    await looksAs('verdict', page.locator('.workshop'));
    await page.close();
  });
});
