// SPDX-License-Identifier: GPL-2.0-only
'use strict';
/**
 * Runs after npm's install: builds dist/ and its packs, puts `kata` where npx looks, and installs the git hooks. It never fails an
 * install: everything works without these parts, and `npx kata` builds on first use.
 */
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { build, makePacks, root } = require('./build.js');
const { link } = require('./link.js');

for (const part of [buildTools, () => link(root), installHooks]) {
  try {
    part();
  } catch (error) {
    process.stderr.write(`prepare: ${error.message}\n`);
  }
}

function buildTools() {
  const problem = build();
  if (problem !== '') throw new Error(`not built: ${problem}`);
  // The packages may have changed.
  makePacks();
}

function installHooks() {
  const husky = path.join(root, 'node_modules', 'husky', 'bin.js');
  if (process.env.CI || !fs.existsSync(path.join(root, '.git')) || !fs.existsSync(husky)) return;
  const hooks = spawnSync('git', ['config', 'core.hooksPath'], { cwd: root, encoding: 'utf8' });
  // Keep hooks that somebody set up on purpose.
  if (hooks.error || !['', '.husky/_'].includes(hooks.stdout.trim())) return;
  spawnSync(process.execPath, [husky], { cwd: root, stdio: 'ignore' });
}
