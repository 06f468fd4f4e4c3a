// SPDX-License-Identifier: GPL-2.0-only
'use strict';
/**
 * The files that are compiled: lib, tools, the player, the scenarios of the katas and their shared worlds. Drivers never are, so a
 * half-written one cannot break the tools.
 */
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..', '..');

/** Every source to compile, relative to the root, in order. */
function sources() {
  const found = ['lib', 'tools', 'katas/worlds', 'web/player'].flatMap(modulesIn);
  for (const { name } of entriesOf('katas')) {
    const scenarios = `katas/${name}/scenarios.ts`;
    if (fs.existsSync(path.join(root, scenarios))) found.push(scenarios);
  }
  return found.sort();
}

/** The modules in a folder and below it, without tests, declarations and fixtures. */
function modulesIn(folder) {
  return entriesOf(folder).flatMap((entry) => {
    const file = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'fixtures' ? [] : modulesIn(file);
    return /\.tsx?$/.test(file) && !/\.(test|d)\.tsx?$/.test(file) ? [file] : [];
  });
}

function entriesOf(folder) {
  const full = path.join(root, folder);
  return fs.existsSync(full) ? fs.readdirSync(full, { withFileTypes: true }) : [];
}

module.exports = { root, sources };
