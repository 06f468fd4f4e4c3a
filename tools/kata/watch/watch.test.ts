// SPDX-License-Identifier: GPL-2.0-only
/** `kata watch` without a terminal: what editors do to a file, and what is said about it. Waits for words, never for time. */
import fs from 'node:fs';
import path from 'node:path';
import { kataAt, repositoryRoot } from '../katas';
import { type Checkout, freshCheckout } from '../testing/checkout';
import { type Watching, watching as watchIn } from '../testing/watching';

const solution = fs.readFileSync(
  path.join(__dirname, '..', '..', '..', 'solutions', '00-lost-update', 'tally.ts'),
  'utf8',
);

const { manifest } = kataAt(repositoryRoot(), '00-lost-update');
const scenarios = Object.keys(manifest.scenarios).length;

let checkout: Checkout;
let driver: string;
let port: string;
const running = new Set<Watching>();

function watch(...args: readonly string[]): Watching {
  const one = watchIn(checkout, args);
  running.add(one);
  return one;
}

beforeAll(() => {
  checkout = freshCheckout();
  driver = path.join(checkout.root, 'katas', '00-lost-update', 'tally.ts');
  port = fs.readFileSync(driver, 'utf8');
});
afterEach(() => {
  for (const one of running) one.kill();
  fs.writeFileSync(driver, port);
});
afterAll(() => {
  checkout.remove();
});

it('judges at every save, however the editor saves', async () => {
  const watching = watch('00');
  await watching.says('00-lost-update: A lost update\nkatas/00-lost-update/tally.ts\n');
  await watching.says('The driver fails: ');
  await watching.says(`\n1 of ${scenarios} scenarios holds.\n`);
  // Half of it.
  fs.writeFileSync(driver, port.slice(0, port.indexOf('yield*') + 3));
  await watching.says('the file ends too early');
  // Another file under its name.
  fs.writeFileSync(`${driver}.new`, solution);
  fs.renameSync(`${driver}.new`, driver);
  await watching.says('00-lost-update is done: it holds in every interleaving.');
  await watching.says('Next: 01-rbd-put-client, katas/01-rbd-put-client/rbd.ts (press n');
  // The old one out of the way first.
  fs.renameSync(driver, `${driver}~`);
  await watching.says('tally.ts is not there. Waiting for it to come back; npx kata reset 00');
  // Nothing to break by hand, and no reason to end.
  watching.type('b');
  await watching.says('tally.ts is not there.');
  fs.writeFileSync(driver, `${port}\nexport const wrong: string = 1;\n`);
  await watching.says(`1 of ${scenarios} scenarios holds.\n`);
  await watching.says('tally.ts:28:14: a text is wanted here, and this is a number (TS2322)');
  fs.rmSync(`${driver}~`);
  // Cut to nothing, then written: one save.
  fs.writeFileSync(driver, '');
  fs.writeFileSync(driver, solution);
  await watching.says('is done');
  watching.end();
  expect(await watching.code).toBe(0);
});

it('goes on when it is asked to, and gives hints one by one', async () => {
  const watching = watch('--poll');
  await watching.says(`1 of ${scenarios} scenarios holds.`);
  watching.type('h');
  await watching.says('Hint 1\n------');
  watching.type('h');
  await watching.says('Hint 2\n------');
  watching.type('n');
  await watching.says('01-rbd-put-client: The put that frees what a get has just found');
  await watching.says('scenarios hold.');
  watching.type('l');
  await watching.says('>  01  rbd-put-client');
  watching.type('r');
  await watching.says('scenarios hold.');
  watching.type('q');
  expect(await watching.code).toBe(0);
  const state = fs.readFileSync(path.join(checkout.root, '.kata', 'state.txt'), 'utf8');
  expect(state).toContain('\n00-lost-update hints 2\n');
  expect(state).toContain('\n01-rbd-put-client current\n');
});

it('ends with the last verdict when there is nobody to type anything', async () => {
  const watching = watch('00');
  watching.end();
  expect(await watching.code).toBe(1);
});

it('ends at once when it is asked to in the middle of a judgement', async () => {
  const watching = watch('13');
  await watching.says('13-aio-lookup-ioctx: ');
  watching.type('r');
  watching.type('q');
  expect(await watching.code).toBe(0);
});
