// SPDX-License-Identifier: GPL-2.0-only
'use strict';
/**
 * What npm runs after an install: builds dist/ and installs the pre-commit hook. It never fails an install: without the
 * build `npx kata` builds on first use, and without git (or on CI) there is nothing to hook into.
 */
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { build, root } = require('./build.js');

try {
  const problem = build();
  if (problem !== '') process.stderr.write(`prepare: not built: ${problem}\n`);
  installHook();
} catch (error) {
  process.stderr.write(`prepare: ${error.message}\n`);
}

function installHook() {
  const husky = path.join(root, 'node_modules', 'husky', 'bin.js');
  if (process.env.CI || !fs.existsSync(path.join(root, '.git')) || !fs.existsSync(husky)) return;
  const hooks = spawnSync('git', ['config', 'core.hooksPath'], { cwd: root, encoding: 'utf8' });
  // Hooks that somebody set up on purpose stay.
  if (hooks.error || !['', '.husky/_'].includes(hooks.stdout.trim())) return;
  spawnSync(process.execPath, [husky], { cwd: root, stdio: 'ignore' });
}
