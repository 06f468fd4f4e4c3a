// SPDX-License-Identifier: GPL-2.0-only
/** Every command that is printed is typed as it is printed, and none of them is refused. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { type Checkout, freshCheckout } from './testing/checkout';

let checkout: Checkout;
beforeAll(() => {
  checkout = freshCheckout();
});
afterAll(() => {
  checkout.remove();
});

interface Ran {
  readonly code: number | null;
  readonly text: string;
}

/** Types a command without its `npx`, in front of nobody: a command that reads keys finds the end of the input. */
function typed(command: string): Ran {
  const line = command.replace(/^npx kata/, `'${process.execPath}' '${checkout.bin}'`);
  const done = spawnSync('sh', ['-c', line], { cwd: checkout.root, input: '', encoding: 'utf8' });
  return { code: done.status, text: `${done.stdout}${done.stderr}` };
}

/** The commands in a text: words that may follow are a kata's number, options, and what stands in quotes or has a slash. */
function commandsIn(text: string): string[] {
  const argument = String.raw`\d\d\b|--[a-z]+(?: (?:[\w-]+\/[\w./-]+|[a-z]+(?:-[a-z0-9]+)+|\d+))?|'[^']*'|-h\b`;
  const command = new RegExp(`npx kata(?: [a-z][a-z-]*\\b)?(?: (?:${argument}))*`, 'g');
  return [...text.matchAll(command)].map(([found]) => found.trim());
}

const BEGIN = [
  'npx kata',
  'npx kata list --no-run',
  'npx kata progress',
  'npx kata test 00',
  'npx kata test 01 --all',
  'npx kata test 00 --driver tools/kata/fixtures/drivers/lost.ts',
  'npx kata hint 00 --level 3',
  'npx kata doctor',
  'npx kata nonsense',
  'npx kata test 77',
  'npx kata test 00 --scenario nope',
];

/** Those that say no, and to whom. */
const REFUSES = /^npx kata (?:nonsense|test 77|test 00 --scenario nope|reset|solution 0\d$)/;

/** A command, without the schedule and the scenario of a replay: one of each kind is typed. */
function shapeOf(command: string): string {
  if (!command.startsWith('npx kata replay')) return command;
  return command.replace(/'[^']*'/, "'...'").replace(/--scenario \S+/, '--scenario ...');
}

it('types what is printed', () => {
  const seen = new Set<string>();
  const shapes = new Set<string>();
  const refused: string[] = [];
  for (const waiting = [...BEGIN]; waiting.length > 0;) {
    const command = waiting.shift() ?? '';
    // Those that judge everything, and other katas than the first two, take too long for a test.
    if (/kata (?:check-all|list$|test (?:0[2-9]|[1-9]\d))/.test(command)) continue;
    if (shapes.has(shapeOf(command))) continue;
    shapes.add(shapeOf(command));
    seen.add(command);
    const { code, text } = typed(command);
    const isRefused = code === null || code > 1;
    if (isRefused && !REFUSES.test(command)) refused.push(`${command}: ${text}`);
    waiting.push(...commandsIn(text));
  }
  expect(refused).toEqual([]);
  expect(seen.size).toBeGreaterThan(25);
  for (const command of ['npx kata break 00', 'npx kata next', 'npx kata show 01']) {
    expect([...seen]).toContain(command);
  }
}, 600_000);

it('puts every driver back that was changed, and asks before', () => {
  for (const name of ['00-lost-update/tally.ts', '01-rbd-put-client/rbd.ts']) {
    fs.appendFileSync(path.join(checkout.root, 'katas', name), '// mine\n');
  }
  expect(typed('npx kata reset --all')).toMatchObject({ code: 2 });
  const { code, text } = typed('npx kata reset --all --yes');
  expect({ code, text }).toEqual({
    code: 0,
    text: `katas/00-lost-update/tally.ts is as it was shipped.
Yours is kept as .kata/backup/00-lost-update/tally.1.ts
katas/01-rbd-put-client/rbd.ts is as it was shipped.
Yours is kept as .kata/backup/01-rbd-put-client/rbd.1.ts
`,
  });
  expect(typed('npx kata reset --all').text).toContain('Every driver is as it was shipped.');
  expect(typed('npx kata reset --all 01').code).toBe(2);
  // Nothing can be lost where there is no file, so nobody is asked.
  fs.rmSync(path.join(checkout.root, 'katas', '01-rbd-put-client/rbd.ts'));
  expect(typed('npx kata reset 01')).toMatchObject({ code: 0 });
});
