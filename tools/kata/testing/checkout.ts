// SPDX-License-Identifier: GPL-2.0-only
/** A copy of this checkout as somebody would have it who has just cloned it: for tests and measurements that edit katas. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { shippedPort } from '../../answers/shipped';
import { allKatas, repositoryRoot } from '../katas';

const root = repositoryRoot(__dirname);

/** What a clone does not have, and what takes long to copy and is of no use here. */
const LEFT_OUT = new Set(['.git', 'node_modules', '.kata', 'site', 'coverage', 'wrong', 'right']);

export interface Checkout {
  readonly root: string;
  /** Its bin/kata.js. */
  readonly bin: string;
  remove(): void;
}

/** Copies what is here; every port is as shipped, whatever has been solved, and nothing is remembered. */
export function freshCheckout(): Checkout {
  // Built once here, so that the copy need not be.
  spawnSync(process.execPath, [path.join(root, 'tools', 'house', 'build.js')], { cwd: root });
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-checkout-'));
  fs.cpSync(root, copy, {
    recursive: true,
    // The folder of the repository itself may have any name.
    filter: (file) => file === root || !LEFT_OUT.has(path.basename(file)),
  });
  linkPackages(copy);
  for (const kata of allKatas(root)) {
    const driver = path.join(copy, path.relative(root, kata.driver));
    fs.writeFileSync(driver, shippedPort(root, kata.manifest));
  }
  return {
    root: copy,
    bin: path.join(copy, 'bin', 'kata.js'),
    remove: () => {
      fs.rmSync(copy, { recursive: true, force: true });
    },
  };
}

/** The packages that are here, and a `kata` that is the copy's own. */
function linkPackages(copy: string): void {
  const packages = path.join(root, 'node_modules');
  const target = path.join(copy, 'node_modules');
  fs.mkdirSync(target);
  for (const { name } of fs.readdirSync(packages, { withFileTypes: true }).filter(isLinked)) {
    fs.symlinkSync(path.join(packages, name), path.join(target, name), 'junction');
  }
  const link = "require('./tools/house/link.js').link('.')";
  spawnSync(process.execPath, ['-e', link], { cwd: copy });
}

const isLinked = (entry: fs.Dirent): boolean => entry.isDirectory() && entry.name !== '.bin';
