// SPDX-License-Identifier: GPL-2.0-only
'use strict';
/**
 * Compiles lib, tools, the katas' scenarios and their worlds into dist/, and knows whether that is needed.
 *
 * dist/.stamp holds a digest of the names and contents of every source, so a checkout, a copy or a deleted file
 * is judged by what it holds and not by its dates. Used by bin/kata.js, `npm run build` and `prepare`.
 */
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..', '..');
const dist = path.join(root, 'dist');
const stampFile = path.join(dist, '.stamp');
const lockFile = path.join(dist, '.lock');
const waitStepsMax = 600;

/** True when dist/ was built, completely, from exactly the sources that are there now. */
function isFresh() {
  return readOr(stampFile, '') === digest() && sources().every(isCompiled);
}

function isCompiled(file) {
  return !file.endsWith('.ts') || fs.existsSync(path.join(dist, file.replace(/\.ts$/, '.js')));
}

/** Builds dist/; returns '' or what went wrong. Two processes that need it at once build it once. */
function build() {
  fs.mkdirSync(dist, { recursive: true });
  if (!takeLock())
    return `another build holds ${path.relative(root, lockFile)}; delete it and try again`;
  try {
    if (isFresh()) return '';
    const wanted = digest();
    // A build that fails half-way leaves no stamp, so that going back to the old sources builds again.
    fs.rmSync(stampFile, { force: true });
    const problem = compile();
    if (problem === '') writeAtomically(stampFile, wanted);
    return problem;
  } finally {
    fs.rmSync(lockFile, { force: true });
  }
}

function compile() {
  const tsc = require.resolve('typescript/bin/tsc', { paths: [root] });
  const args = [tsc, '-p', 'tsconfig.build.json', '--pretty', 'false'];
  const run = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (run.error) return run.error.message;
  // TS18003: nothing to compile yet, which is no failure.
  if (run.status === 0 || run.stdout.includes('TS18003')) return '';
  const line = `${run.stdout}${run.stderr}`.split('\n').find((text) => text.trim() !== '');
  return (line ?? 'tsc failed').replace(/\((\d+),(\d+)\)/, ':$1:$2');
}

function digest() {
  const hash = createHash('sha256');
  for (const file of sources()) {
    hash
      .update(`${file}\0`)
      .update(fs.readFileSync(path.join(root, file)))
      .update('\0');
  }
  return `${hash.digest('hex')}\n`;
}

function sources() {
  const found = ['tsconfig.json', 'tsconfig.build.json'];
  for (const top of ['lib', 'tools', 'katas/worlds']) walk(top, found);
  for (const kata of entriesOf('katas')) {
    const scenarios = `katas/${kata.name}/scenarios.ts`;
    if (fs.existsSync(path.join(root, scenarios))) found.push(scenarios);
  }
  return found.sort();
}

function walk(folder, found) {
  for (const entry of entriesOf(folder)) {
    const file = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (entry.name !== 'fixtures') walk(file, found);
    } else if (file.endsWith('.ts') && !/\.(test|d)\.ts$/.test(file)) {
      found.push(file);
    }
  }
}

function entriesOf(folder) {
  const full = path.join(root, folder);
  return fs.existsSync(full) ? fs.readdirSync(full, { withFileTypes: true }) : [];
}

/** Waits for a builder that is alive, takes over from one that died. */
function takeLock() {
  for (let step = 0; step < waitStepsMax; step++) {
    try {
      fs.writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
      return true;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = Number(readOr(lockFile, ''));
    if (owner > 0 && !isAlive(owner)) fs.rmSync(lockFile, { force: true });
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
  return false;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function readOr(file, otherwise) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}

function writeAtomically(file, text) {
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, text);
  fs.renameSync(draft, file);
}

module.exports = { build, isFresh, root };

if (require.main === module) {
  const problem = build();
  if (problem !== '') {
    process.stderr.write(`build: ${problem}\n`);
    process.exitCode = 1;
  }
}
