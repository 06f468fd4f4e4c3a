// SPDX-License-Identifier: GPL-2.0-only
/**
 * The import graph: it has no run-time circle, no unreachable file and no unused export. Knip checks this (knip.json names the
 * entry files). Type-only imports disappear at run time, so they make no circle. ESLint finds declarations that their own file
 * does not use.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.join(__dirname, '..', '..');
const LOOKED_FOR = 'cycles,files,exports,types,enumMembers,dependencies,unlisted';

it('has neither circles nor loose ends', () => {
  const knip = path.join(root, 'node_modules', 'knip', 'bin', 'knip.js');
  const options = ['--no-progress', '--no-config-hints', '--include', LOOKED_FOR];
  const { stdout, stderr, status } = spawnSync(process.execPath, [knip, ...options], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(`${stdout}${stderr}`.trim()).toBe('');
  expect(status).toBe(0);
});
