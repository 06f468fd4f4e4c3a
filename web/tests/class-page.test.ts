// SPDX-License-Identifier: GPL-2.0-only
/** The instructor's page in a real browser, opened from disk: findings are text, and become players when they are opened. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { KataReportV1 } from '../../lib/kata/verdict';
import { classPage } from '../../tools/grade/summary/html';
import { playersFor } from '../../tools/grade/summary/players';
import { tally } from '../../tools/grade/summary/tally';
import { build } from '../../tools/grade/testing/built';
import { told } from '../../tools/grade/testing/executions';
import { HOSTILE, REPORTS } from '../../tools/grade/testing/reports';
import { repositoryRoot } from '../../tools/kata/katas';
import { accessibilityProblems, inBrowser, overflow } from '../testing/browser';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-class-'));
const file = path.join(folder, 'report.html');

beforeAll(() => {
  build(repositoryRoot());
  const grades = ['fails', 'hostile', 'holds'].map((id) => {
    const student = { id, email: '', lastName: '', firstName: '' };
    return { student, report: REPORTS[id] as KataReportV1 }; // each is there
  });
  const counted = tally(grades);
  const lines = [`// ${HOSTILE}`, '</script><script>alert(1)</script><!--'];
  const execution = { ...told(), title: HOSTILE, sources: [{ file: 'rbd.ts', lines }] };
  const players = playersFor(
    counted.failures,
    { get: () => ({ sha256: '', execution }) },
    () => [],
  );
  const facts = { tool: 'kernel-race-katas 1', untrusted: null, layers: ['ses'] };
  fs.writeFileSync(file, classPage(counted, facts, players));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

inBrowser("the instructor's page", ({ open }) => {
  it('makes a player when a finding is opened, by hand or by a link', async () => {
    const { page, problems } = await open(pathToFileURL(file).href);
    await expect(page.locator('.player').count()).resolves.toBe(0);
    await page.locator('.finding > summary').first().click();
    await page.getByRole('button', { name: 'Step', exact: true }).click();
    await expect(page.getByRole('status').textContent()).resolves.toContain('Step 2 of');
    await expect(page.locator('.without-player').first().isVisible()).resolves.toBe(false);
    await expect(page.locator('.listing').textContent()).resolves.toContain('</script><script>');
    for (const link of await page.locator('.why a').all()) await link.click();
    await page.locator('.player').nth(1).waitFor();
    expect(problems).toEqual([]);
    await page.close();
  });

  it('is accessible and fits on a phone', async () => {
    const { page } = await open(pathToFileURL(file).href, { width: 390, dark: true });
    await page.locator('.finding > summary').first().click();
    await page.locator('.player').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.close();
  });
});
