// SPDX-License-Identifier: GPL-2.0-only
'use strict';
/**
 * A reporter for the katas under Jest: a kata that fails gets a page in .kata/races/ on which its first failure can be stepped
 * through, and the last lines name it. The page is what `npx kata trace --format html` writes. None is made on CI, where nobody opens it,
 * nor at every save in Jest's watch mode, which would wait for it.
 */
const { execFile } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..', '..');
/** More pages at once than anybody looks at. */
const PAGES_MAX = 3;

/** The test of a kata, and the command in its report that runs the failure again. */
const KATA = /[\\/]katas[\\/](\d\d-[\w-]+)[\\/][^\\/]+$/;
const REPLAY = /^replay it: npx kata replay (\d\d) '([\w! ]+)'/m;

module.exports = class RacePages {
  /** The options are for tests: where pages go, and the script that writes them. */
  constructor({ watch, watchAll }, { folder, command = path.join(root, 'bin', 'kata.js') } = {}) {
    this.folder = folder ?? path.join(root, '.kata', 'races');
    this.command = command;
    this.off = Boolean(process.env.CI) || watch || watchAll;
  }

  async onRunComplete(_contexts, { testResults }) {
    if (this.off) return;
    const lines = await this.#writeAll(testResults);
    // Jest prints its summary when this has ended. These lines come last.
    setImmediate(() => process.stderr.write(lines.map((line) => `\n${line}\n`).join('')));
  }

  async #writeAll(testResults) {
    for (const { testFilePath, numFailingTests } of testResults) {
      const [, kata] = KATA.exec(testFilePath) ?? [];
      // A page that is no longer true must not be opened by mistake.
      if (kata !== undefined && numFailingTests === 0) fs.rmSync(this.#page(kata), { force: true });
    }
    const races = racesIn(testResults);
    const lines = [];
    for (const race of races.slice(0, PAGES_MAX)) lines.push(await this.#write(race));
    const left = races.length - PAGES_MAX;
    if (left > 0) lines.push(`${left} more: npx kata trace ID --format html -o race.html`);
    return lines;
  }

  async #write({ kata, number, schedule, scenario }) {
    const page = this.#page(kata);
    const args = [
      'trace',
      number,
      schedule,
      '--scenario',
      scenario,
      '--format',
      'html',
      '-o',
      page,
    ];
    const problem = await run(this.command, args);
    const shown = path.relative(process.cwd(), page);
    if (problem !== '') return `there is no page of ${scenario}: ${problem}`;
    return `step through ${scenario} of kata ${number} in a browser: ${shown}`;
  }

  #page(kata) {
    return path.join(this.folder, `${kata}.html`);
  }
};

/** The first failure of each kata, if its report shows one execution. */
function racesIn(testResults) {
  return testResults.flatMap(({ testFilePath, testResults: tests }) => {
    const [, kata] = KATA.exec(testFilePath) ?? [];
    const failed = tests.find(({ status }) => status === 'failed');
    const found = REPLAY.exec(failed?.failureMessages.join('\n') ?? '');
    if (kata === undefined || found === null) return [];
    const [, number, schedule] = found;
    return [{ kata, number, schedule, scenario: failed.title.split(':', 1)[0] }];
  });
}

/** Runs a script of ours; resolves with '' or with its first words about what went wrong. */
function run(command, args) {
  fs.mkdirSync(path.dirname(args.at(-1)), { recursive: true });
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...args], { cwd: root }, (error, _stdout, stderr) => {
      const [words] = stderr.split('\n').filter((line) => line.startsWith('kata: '));
      resolve(error === null ? '' : (words ?? error.message.split('\n', 1)[0]));
    });
  });
}
