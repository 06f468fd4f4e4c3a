// SPDX-License-Identifier: GPL-2.0-only
/**
 * The import graph: no circle that is there at run time, no file that nothing reaches, no export that nobody imports. Knip
 * looks (knip.json says where it begins); imports of types alone vanish and are no circle. Declarations that their own file
 * does not use are ESLint's.
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
