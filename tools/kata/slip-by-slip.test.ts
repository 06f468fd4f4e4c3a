// SPDX-License-Identifier: GPL-2.0-only
/**
 * Somebody makes thirty slips in the first driver, one after the other, while it is watched, and gets for each the answer in
 * fixtures/slips.txt.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { type Checkout, freshCheckout } from './testing/checkout';
import { watching } from './testing/watching';

let checkout: Checkout;
beforeAll(() => {
  checkout = freshCheckout();
});
afterAll(() => {
  checkout.remove();
});

const COUNT = 30;

/** Slips that need nothing of the driver around them, each with its sentence behind the number of the line. */
function slips(): (readonly [line: string, sentence: string])[] {
  const text = fs.readFileSync(path.join(__dirname, 'fixtures', 'slips.txt'), 'utf8');
  const [inFunction = ''] = text.split('== at file scope');
  const pairs = [...inFunction.matchAll(/^(\S.*)\n {4}line 1(:.*\(syntax\))$/gm)];
  return pairs
    .map(([, line = '', sentence = '']) => [line, sentence] as const)
    .filter(([line, sentence]) => !/\bdev\b/.test(line) && !sentence.includes('in line'))
    .slice(0, COUNT);
}

it('gets the right answer each time', async () => {
  const file = 'katas/00-lost-update/tally.ts';
  const driver = path.join(checkout.root, file);
  const port = fs.readFileSync(driver, 'utf8');
  const above = '  const writes = tally_writes.value;\n';
  const at = port.slice(0, port.indexOf(above)).split('\n').length + 1;
  const watch = watching(checkout, ['00']);
  await watch.says('1 of 7 scenarios holds.\n');
  expect(slips()).toHaveLength(COUNT);
  for (const [slip, sentence] of slips()) {
    fs.writeFileSync(driver, port.replace(above, `${above}  ${slip}\n`));
    await watch.says(`${file}:`);
    expect({ slip, told: await watch.says('\n') }).toEqual({ slip, told: `${at}${sentence}` });
  }
  const args = [checkout.bin, 'test', '00'];
  const { status } = spawnSync(process.execPath, args, { cwd: checkout.root });
  expect(status).toBe(1);
  fs.writeFileSync(driver, port);
  expect(await watch.says('The driver fails: ')).not.toContain(`${file}:`);
  watch.end();
  expect(await watch.code).toBe(1);
}, 300_000);
