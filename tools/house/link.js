// SPDX-License-Identifier: GPL-2.0-only
'use strict';
/**
 * Puts `kata` into node_modules/.bin, where `npx kata` finds it directly. With a `bin` in package.json, npx would read the package
 * and consider an installation first, which takes half a second each time.
 */
const fs = require('node:fs');
const path = require('node:path');

/** What npm itself writes on Windows: for cmd and PowerShell, and for a shell such as Git's. */
const SHIMS = {
  'kata.cmd': '@node "%~dp0\\..\\..\\bin\\kata.js" %*\r\n',
  kata: '#!/bin/sh\nexec node "$(dirname "$0")/../../bin/kata.js" "$@"\n',
};

/** Makes the link, or files with the same effect where links need privileges. */
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
