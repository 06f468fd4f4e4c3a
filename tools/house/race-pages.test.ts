// SPDX-License-Identifier: GPL-2.0-only
/** What Jest says of a kata that fails: the page to open. The script that writes pages is one here that writes down what it is asked. */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

interface Reporter {
  onRunComplete(contexts: unknown, results: object): Promise<void>;
}

const RacePages = createRequire(__filename)('./race-pages.js') as new (
  config: unknown,
  options: { folder: string; command: string },
) => Reporter;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-races-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const ASKED =
  "const args = process.argv.slice(2); require('fs').writeFileSync(args.at(-1), JSON.stringify(args));";
const FAILS = "console.error('kata: no space left'); process.exit(2);";

/** A kata's test with these failures: title and report. */
function ran(kata: string, ...failed: readonly (readonly [string, string])[]): object {
  const tests = failed.map(([title, report]) => ({
    status: 'failed',
    title,
    failureMessages: [report],
  }));
  return {
    testFilePath: path.join('/somewhere/katas', kata, 'rbd.test.ts'),
    numFailingTests: failed.length,
    testResults: [{ status: 'passed', title: 'one: it holds', failureMessages: [] }, ...tests],
  };
}

/** What is printed after a run. */
async function printed(script: string, ...testResults: readonly object[]): Promise<string> {
  return printedBy({ script, watch: false }, testResults);
}

async function printedBy(
  { script, watch }: { readonly script: string; readonly watch: boolean },
  testResults: readonly object[],
): Promise<string> {
  const command = path.join(folder, 'command.js');
  fs.writeFileSync(command, script);
  const { CI } = process.env;
  delete process.env.CI;
  const reporter = new RacePages({ watch, watchAll: false }, { folder, command });
  if (CI !== undefined) process.env.CI = CI;
  let text = '';
  const write = jest.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    await reporter.onRunComplete(null, { testResults });
    expect(text).toBe(''); // Jest's summary comes first
    await new Promise(setImmediate);
  } finally {
    write.mockRestore();
  }
  return text.split(path.relative(process.cwd(), folder)).join('FOLDER');
}

const REPORT = "BUG: KASAN: x\nreplay it: npx kata replay 01 'A2 B!1 A6' --scenario put-vs-get\n";
const KATA = '01-rbd-put-client';

it('names the page of the first failure, and asks for that execution', async () => {
  const two = ran(KATA, ['put-vs-get: a client lives', REPORT], ['two-puts: so does this', REPORT]);
  expect(await printed(ASKED, two)).toBe(
    `\nstep through put-vs-get of kata 01 in a browser: FOLDER/${KATA}.html\n`,
  );
  const page = path.join(folder, `${KATA}.html`);
  const asked = ['trace', '01', 'A2 B!1 A6', '--scenario', 'put-vs-get', '--format', 'html', '-o'];
  expect(JSON.parse(fs.readFileSync(page, 'utf8'))).toEqual([...asked, page]);
});

it('removes the page of a kata that holds', async () => {
  const page = path.join(folder, `${KATA}.html`);
  fs.writeFileSync(page, 'it fails');
  expect(await printed(ASKED, ran(KATA))).toBe('');
  expect(fs.existsSync(page)).toBe(false);
});

it('says nothing where no report shows an execution', async () => {
  expect(
    await printed(ASKED, ran(KATA, ['is a driver that can be judged', 'rbd.ts:1:1: no'])),
  ).toBe('');
});

it('says why there is no page', async () => {
  expect(await printed(FAILS, ran(KATA, ['put-vs-get: a client lives', REPORT]))).toBe(
    '\nthere is no page of put-vs-get: kata: no space left\n',
  );
});

it('makes no more pages than anybody looks at', async () => {
  const all = ['01-a', '02-b', '03-c', '04-d'].map((kata) => ran(kata, ['x: y', REPORT]));
  const lines = (await printed(ASKED, ...all)).trim().split(/\n+/);
  expect(lines).toHaveLength(4);
  expect(lines.at(-1)).toBe('1 more: npx kata trace ID --format html -o race.html');
});

it('makes none while Jest watches', async () => {
  const one = ran(KATA, ['put-vs-get: a client lives', REPORT]);
  expect(await printedBy({ script: ASKED, watch: true }, [one])).toBe('');
});
