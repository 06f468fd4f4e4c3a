// SPDX-License-Identifier: GPL-2.0-only
/** Somebody makes thirty slips in the first driver, one after the other, and gets for each the answer in fixtures/slips.txt. */
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

it('gets the right answer each time', () => {
  const file = 'katas/00-lost-update/tally.ts';
  const driver = path.join(checkout.root, file);
  const port = fs.readFileSync(driver, 'utf8');
  const above = '  const writes = tally_writes.value;\n';
  const at = port.slice(0, port.indexOf(above)).split('\n').length + 1;
  expect(slips()).toHaveLength(COUNT);
  for (const [slip, sentence] of slips()) {
    fs.writeFileSync(driver, port.replace(above, `${above}  ${slip}\n`));
    const args = [checkout.bin, 'test', '00'];
    const { status, stdout } = spawnSync(process.execPath, args, {
      cwd: checkout.root,
      encoding: 'utf8',
    });
    const told = stdout.split('\n').filter((line) => line.startsWith(`${file}:`));
    expect({ slip, status, told }).toEqual({ slip, status: 1, told: [`${file}:${at}${sentence}`] });
  }
}, 300_000);
