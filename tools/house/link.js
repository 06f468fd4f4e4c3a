// SPDX-License-Identifier: GPL-2.0-only
'use strict';
/**
 * Puts `kata` into node_modules/.bin, where `npx kata` finds it at once. A `bin` in package.json would have npx read the package and
 * think about an installation first, half a second each time.
 */
const fs = require('node:fs');
const path = require('node:path');

/** What npm itself would write for Windows: for cmd and PowerShell, and for a shell such as Git's. */
const SHIMS = {
  'kata.cmd': '@node "%~dp0\\..\\..\\bin\\kata.js" %*\r\n',
  kata: '#!/bin/sh\nexec node "$(dirname "$0")/../../bin/kata.js" "$@"\n',
};

/** Makes the link, or files that do the same where links need privileges. */
function link(root, platform = process.platform) {
  const folder = path.join(root, 'node_modules', '.bin');
  fs.mkdirSync(folder, { recursive: true });
  for (const name of Object.keys(SHIMS)) fs.rmSync(path.join(folder, name), { force: true });
  if (platform === 'win32') {
    for (const [name, text] of Object.entries(SHIMS))
      fs.writeFileSync(path.join(folder, name), text, { mode: 0o755 });
  } else {
    fs.symlinkSync(path.join('..', '..', 'bin', 'kata.js'), path.join(folder, 'kata'));
  }
}

module.exports = { link };
