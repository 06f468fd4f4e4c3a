// SPDX-License-Identifier: GPL-2.0-only
/** docs/reports.md has an example for each detector and each part of KASAN. generated.test.ts compares what they show. */
import fs from 'node:fs';
import path from 'node:path';
import { allMonitors } from '../../lib/sanitize';
import { root } from './pages';
import { examplesOf } from './reports';

it('shows a report of each detector', () => {
  const page = fs.readFileSync(path.join(root, 'docs', 'reports.md'), 'utf8');
  const detectors = allMonitors().map(({ name }) => name);
  detectors.push('kasan-bounds', 'kasan-stack');
  expect(
    examplesOf(page)
      .filter(({ detector }) => detector !== null)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(detectors.sort());
});
