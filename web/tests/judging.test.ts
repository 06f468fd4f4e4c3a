// SPDX-License-Identifier: GPL-2.0-only
/** Drivers judged in the page and in the terminal: the same words, the same counts. The solution is pasted, as a person would. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { applied, answerFile } from '../../tools/answers/files';
import { allKatas, type Kata } from '../../tools/kata/katas';
import { type Checkout, freshCheckout } from '../../tools/kata/testing/checkout';
import { inBrowser } from '../testing/browser';
import { root } from '../testing/built';
import { servedSite } from '../testing/serve';

const katas = allKatas(root);
let clone: Checkout;

inBrowser('a driver judged in the page', ({ open }) => {
  const at = servedSite('/some/where/');
  beforeAll(() => {
    clone = freshCheckout();
  });
  afterAll(() => clone.remove());

  function kataOf(number: string): Kata {
    const found = katas.find((kata) => kata.number === number);
    if (found === undefined) throw new Error(`there is no kata ${number}`);
    return found;
  }

  /** A driver of a kata: the port, the solution, or an answer by its name. */
  function textOf(kata: Kata, name: string): string {
    const { id, manifest } = kata;
    if (name === 'port')
      return fs.readFileSync(path.join(clone.root, 'katas', id, manifest.driver), 'utf8');
    if (name === 'solution')
      return fs.readFileSync(path.join(root, 'solutions', id, manifest.driver), 'utf8');
    return applied(root, manifest, answerFile(root, id, 'wrong', name)).text;
  }

  /** What `npx kata test` prints about a driver. */
  function inTerminal(kata: Kata, text: string, ...more: readonly string[]): Promise<string> {
    const file = path.join(clone.root, 'katas', kata.id, kata.manifest.driver);
    const shipped = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(file, text);
    const args = [clone.bin, 'test', kata.number, '--no-types', ...more];
    const child = spawn(process.execPath, args, { cwd: clone.root });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (said += part));
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', () => {
        fs.writeFileSync(file, shipped);
        resolve(said);
      });
    });
  }

  /** Opens the editor and replaces what is in it. */
  async function pasteInto(page: Page, text: string): Promise<void> {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.click('#edit');
    await page.click('.cm-content');
    await page.keyboard.press('Control+A');
    await page.evaluate((driver) => navigator.clipboard.writeText(driver), text);
    await page.keyboard.press('Control+V');
  }

  /** The verdict of the page about what is in the editor. */
  async function inPage(page: Page): Promise<string> {
    await page.click('.tools button:text-is("Judge it")');
    await page.waitForSelector('.verdict pre', { timeout: 160_000 });
    return (await page.textContent('.verdict pre')) ?? '';
  }

  // Kata 13 explores most and would take most of the time that all tests of the site may take: one of its scenarios is compared below.
  it.each([
    ['00', 'port'],
    ['00', 'solution'],
    ['00', 'two-locks'],
    ['01', 'port'],
    ['01', 'solution'],
    ['01', 'dying-flag'],
    ['14', 'solution'],
  ])('says of kata %s, %s, what the terminal says', async (number, name) => {
    const kata = kataOf(number);
    const text = textOf(kata, name);
    const { page, problems } = await open(at(`katas/${kata.id}/index.html`));
    const shown = pasteInto(page, text).then(() => inPage(page));
    const [terminal, verdict] = await Promise.all([inTerminal(kata, text), shown]);
    expect(verdict).toContain(`${kata.id}: `);
    expect(terminal.slice(0, verdict.length)).toBe(verdict);
    const holds = /The driver holds in all \d+ interleavings/.test(verdict);
    expect(holds).toBe(name === 'solution');
    if (holds) await page.waitForSelector('#answers .answer');
    expect(problems).toEqual([]);
    await page.close();
  });

  it('explores a scenario of kata 13 as often as the terminal does', async () => {
    const kata = kataOf('13');
    const text = textOf(kata, 'solution');
    const { page, problems } = await open(at(`katas/${kata.id}/index.html`));
    await pasteInto(page, text);
    const terminal = inTerminal(kata, text, '--scenario', 'submit-vs-destroy');
    await page.click('.tools button:text-is("Judge it")');
    await page.waitForSelector('.running li.pass');
    const first = (await page.textContent('.running li.pass')) ?? '';
    await page.click('.tools button:text-is("Cancel")');
    const [, title = '', count = ''] = /^ok (.*) \((\d+) interleavings\)$/.exec(first) ?? [];
    expect(await terminal).toContain(`ok    ${title}\n      (holds in all ${count} interleavings)`);
    expect(problems).toEqual([]);
    await page.close();
  });
});
