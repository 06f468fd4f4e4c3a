// SPDX-License-Identifier: GPL-2.0-only
'use strict';
/**
 * Keeps dist/ as the sources say, file by file: one file edited is one file compiled. Used by bin/kata.js, `npm run build`
 * and `prepare`.
 *
 * dist/.built.json holds size, time and digest of every source as it was compiled. A file of the same size and time is
 * taken as unchanged; any other is judged by its digest, so that a checkout or a copy compiles nothing. There is no lock:
 * files are replaced whole, and two builds at once write the same.
 */
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { compile, compilerId } = require('./compile.js');
const { root, sources } = require('./sources.js');

const dist = path.join(root, 'dist');
const recordFile = path.join(dist, '.built.json');
/** A digest of all sources, which identifies the engine in the tools' stored verdicts. */
const stampFile = path.join(dist, '.stamp');
const packs = path.join(dist, '.packs');
/** A source may change while it is compiled. Then it is compiled again, this often at most. */
const roundsMax = 5;
/** A file may be written twice within one tick of the clock. A file as young as this is checked by its digest next time. */
const youngMs = 2000;

/** Whether dist/ was compiled from the current sources. Every command asks, so this trusts the record. */
function isFresh() {
  const record = readRecord();
  const { dirty } = changes(record, null);
  const known = Object.keys(record.files).length;
  return dirty.length === 0 && known === sources().length && fs.existsSync(stampFile);
}

/** Compiles what has changed and removes outputs without a source. Returns '' or the first problem. */
function build() {
  fs.mkdirSync(dist, { recursive: true });
  let problem = '';
  for (let round = 0; round < roundsMax; round++) {
    const found = changes(readRecord(), new Set(outputsIn('')));
    const { record, dirty, stale, retimed } = found;
    if (!retimed && dirty.length + stale.length === 0 && fs.existsSync(stampFile)) break;
    for (const file of stale) fs.rmSync(path.join(dist, file), { force: true });
    const added = dirty.some(({ isNew }) => isNew);
    // Imports may now lead elsewhere.
    if (added || stale.length > 0) fs.rmSync(packs, { recursive: true, force: true });
    const problems = dirty.map((source) => compileInto(record, source)).filter((p) => p !== '');
    write(recordFile, JSON.stringify(record));
    problem = problems[0] ?? '';
    // Without a stamp, verdicts of a half-built engine are not stored.
    if (problem !== '') fs.rmSync(stampFile, { force: true });
    else write(stampFile, `${stampOf(record)}\n`);
    if (problem !== '') break;
  }
  return problem;
}

/**
 * Makes the packs (tools/pack), with which commands load faster. It takes some seconds, so an edit does not do it. Everything
 * works without packs.
 */
function makePacks() {
  const script = path.join(dist, 'tools', 'pack', 'main.js');
  if (fs.existsSync(script)) spawnSync(process.execPath, [script], { stdio: 'ignore', cwd: root });
}

/** Compiles one source; writes its outputs into dist/ before the record. */
function compileInto(record, { file, stat, text }) {
  delete record.files[file];
  const { code, map, problem } = compile(file, text);
  if (problem !== undefined) return problem;
  const target = path.join(dist, outputOf(file));
  fs.mkdirSync(path.dirname(target), { recursive: true });
  write(`${target}.map`, map);
  write(target, code);
  record.files[file] = entryOf(stat, digestOf(text));
  return '';
}

/**
 * The work to do: `dirty` sources to compile, `stale` outputs to remove. `record` has the unchanged files; `retimed` means that
 * some of them have a new time but the same text. Without the set of outputs, they are assumed to exist.
 */
function changes(before, outputs) {
  const compiler = digestOf(compilerId());
  const old = before.compiler === compiler ? before.files : {};
  const record = { compiler, files: {} };
  const dirty = [];
  let retimed = false;
  for (const file of sources()) {
    const output = outputOf(file);
    const made =
      outputs === null ||
      [output, `${output}.map`].map((name) => outputs.delete(name)).every(Boolean);
    const stat = fs.statSync(path.join(root, file));
    const entry = made ? old[file] : undefined;
    if (entry?.size === stat.size && entry.mtimeMs === stat.mtimeMs) {
      record.files[file] = entry;
      continue;
    }
    const text = fs.readFileSync(path.join(root, file), 'utf8');
    if (entry?.digest === digestOf(text)) {
      record.files[file] = entryOf(stat, entry.digest);
      retimed ||= record.files[file].mtimeMs !== entry.mtimeMs;
    } else {
      dirty.push({ file, stat, text, isNew: old[file] === undefined });
    }
  }
  return { record, dirty, stale: [...(outputs ?? [])], retimed };
}

function entryOf({ size, mtimeMs }, digest) {
  return { size, mtimeMs: Date.now() - mtimeMs < youngMs ? 0 : mtimeMs, digest };
}

function readRecord() {
  try {
    const { compiler, files } = JSON.parse(fs.readFileSync(recordFile, 'utf8'));
    return { compiler, files: files ?? {} };
  } catch {
    return { compiler: '', files: {} };
  }
}

/** The compiled files, relative to dist/. */
function outputsIn(folder) {
  const full = path.join(dist, folder);
  if (!fs.existsSync(full)) return [];
  return fs.readdirSync(full, { withFileTypes: true }).flatMap((entry) => {
    const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return outputsIn(file);
    return /\.js(\.map)?$/.test(file) ? [file] : [];
  });
}

function outputOf(file) {
  return file.replace(/\.tsx?$/, '.js');
}

function stampOf({ compiler, files }) {
  const lines = Object.entries(files).map(([file, { digest }]) => `${file} ${digest}`);
  return digestOf([compiler, ...lines.sort()].join('\n'));
}

function digestOf(text) {
  return createHash('sha256').update(text).digest('hex');
}

/** Replaces a file as a whole: readers see the old file or the new one. */
function write(file, text) {
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, text);
  fs.renameSync(draft, file);
}

module.exports = { build, isFresh, makePacks, root };

if (require.main === module) {
  const problem = build();
  if (problem === '' && !fs.existsSync(packs)) makePacks();
  if (problem !== '') {
    process.stderr.write(`build: ${problem}\n`);
    process.exitCode = 1;
  }
}
