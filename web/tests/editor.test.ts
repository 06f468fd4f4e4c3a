// SPDX-License-Identifier: GPL-2.0-only
/** The workshop in a real browser: what it says while one types, what it keeps, what leaves it. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { allKatas } from '../../tools/kata/katas';
import { parseFacts } from '../../tools/kata/state/facts';
import { inBrowser } from '../testing/browser';
import { root } from '../testing/built';
import { servedSite } from '../testing/serve';

let page: Page;
let problems: readonly string[];

inBrowser('the workshop', ({ open }) => {
  const at = servedSite('/');
  beforeEach(async () => {
    ({ page, problems } = await open(at('katas/00-lost-update/index.html')));
    await page.click('#edit');
    await page.waitForSelector('.cm-content');
  });
  afterEach(async () => {
    await page.close();
    expect(problems).toEqual([]);
  });

  /** Writes at the end of the driver. */
  async function append(text: string): Promise<void> {
    await page.click('.cm-content');
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText(text);
  }

  async function editorText(): Promise<string> {
    const lines = await page.locator('.cm-line').allTextContents();
    return lines.join('\n');
  }

  it('underlines a forgotten yield*, and says so', async () => {
    await append(
      "\nexport function* later(file: tally_file): Op<void> {\n  WRITE_ONCE(file, 'pos', 1);\n}\n",
    );
    await page.hover('.cm-lintRange-error');
    const told = await page.textContent('.cm-tooltip-lint');
    expect(told).toContain('yield*');
  });

  it('completes a name of #lib with its line, and imports it', async () => {
    await append('\n// here\nconst other = DEFINE_MUT');
    await page.keyboard.press('Control+Space');
    await page.waitForSelector('.cm-tooltip-autocomplete');
    expect(await page.textContent('.cm-completionInfo')).toMatch(/mutex/i);
    // A key that comes within 75 ms after the list has opened is not for the list: it was meant for the text.
    await page.waitForTimeout(150);
    await page.keyboard.press('Enter');
    const text = await editorText();
    expect(text).toContain('const other = DEFINE_MUTEX');
    expect(/import \{([^}]*)\} from '#lib'/.exec(text)?.[1]).toContain('DEFINE_MUTEX');
  });

  it('checks types when it is asked to', async () => {
    await append("\nexport const wrong: number = 'text';\n");
    await page.click('.tools button:text-is("Check types")');
    const told = await page.textContent('.problems', { timeout: 120_000 });
    expect(told).toMatch(/katas\/00-lost-update\/tally\.ts:\d+:14: .*\(TS2322\)/);
  });

  it('keeps what is written, and forgets it when one starts over', async () => {
    await append('\n// mine\n');
    await page.reload();
    await page.locator('#mend').scrollIntoViewIfNeeded();
    await page.waitForSelector('.cm-content');
    expect(await editorText()).toContain('// mine');
    page.once('dialog', (dialog) => void dialog.accept());
    await page.click('.tools button:text-is("Start over")');
    expect(await editorText()).not.toContain('// mine');
  });

  it('hands out the file and takes one', async () => {
    await append('\n// mine\n');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.click('.tools button:text-is("Download")'),
    ]);
    expect(file.suggestedFilename()).toBe('tally.ts');
    expect(fs.readFileSync(await file.path(), 'utf8')).toContain('// mine');
    const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'upload-'));
    const upload = path.join(scratch, 'other.ts');
    fs.writeFileSync(upload, '// from a file\n');
    await page.setInputFiles('.tools input[type=file]', upload);
    await page.waitForFunction(
      () => document.querySelector('.cm-content')?.textContent === '// from a file',
    );
    fs.rmSync(scratch, { recursive: true });
  });

  it('says where a driver is refused', async () => {
    await append('\nlet hidden = 0;\n');
    await page.click('.tools button:text-is("Judge it")');
    const verdict = await page.textContent('.verdict pre');
    expect(verdict).toMatch(/katas\/00-lost-update\/tally\.ts:\d+:1: .*\(hidden-state\)/);
  });

  it('stops when one cancels, and proves nothing', async () => {
    await page.goto(at('katas/13-aio-lookup-ioctx/index.html'));
    await page.click('#edit');
    await page.waitForSelector('.cm-content');
    await page.click('.tools button:text-is("Judge it")');
    await page.waitForSelector('.running li.running, .running li.pass, .running li.fail');
    await page.click('.tools button:text-is("Cancel")');
    await page.waitForSelector('text=Cancelled: nothing is proven.');
  });

  it('proves nothing within a limit that is too low', async () => {
    await page.goto(at('katas/14-nbd-del-gendisk/index.html'));
    await page.click('#edit');
    await page.waitForSelector('.cm-content');
    const data = (await (
      await page.request.get(at('katas/14-nbd-del-gendisk/answers.json'))
    ).json()) as {
      solution: string;
    };
    await page.evaluate((text) => {
      localStorage.setItem('kata:driver:14-nbd-del-gendisk', text);
    }, data.solution);
    await page.reload();
    await page.locator('#mend').scrollIntoViewIfNeeded();
    await page.waitForSelector('.cm-content');
    await page.selectOption('.tools select', { label: '10 interleavings' });
    await page.click('.tools button:text-is("Judge it")');
    const verdict = await page.textContent('.verdict pre', { timeout: 60_000 });
    expect(verdict).toContain(
      'given up after 10 interleavings without a failure: nothing is proven',
    );
    expect(verdict).toContain('not everything was explored: nothing is proven.');
  });

  it('exports progress as a state file, and takes one in', async () => {
    await page.waitForSelector('#player .player');
    await page.click('.hint summary');
    await page.waitForSelector('.hint[open]');
    await page.goto(at('progress.html'));
    const [file] = await Promise.all([page.waitForEvent('download'), page.click('#state-export')]);
    expect(file.suggestedFilename()).toBe('state.txt');
    const text = fs.readFileSync(await file.path(), 'utf8');
    expect(parseFacts(text)).toEqual({
      facts: [
        { about: '00-lost-update', what: 'current' },
        { about: '00-lost-update', what: 'hints', level: 1 },
      ],
    });
    await page.setInputFiles('#state-import', {
      name: 'state.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('01-rbd-put-client solved\n'),
    });
    await page.waitForSelector('td.holds[data-standing="01-rbd-put-client"]');
    expect(await page.textContent('#progress-sum')).toContain(`1 of ${allKatas(root).length}`);
  });
});
