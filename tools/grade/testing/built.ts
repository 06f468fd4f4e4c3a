// SPDX-License-Identifier: GPL-2.0-only
/** The sandbox runs what the build has made: tests that use it build first, which is quick when there is nothing to do. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

/** Builds dist/; throws if that fails. */
export function build(root: string): void {
  const script = path.join(root, 'tools', 'house', 'build.js');
  const { status, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}
