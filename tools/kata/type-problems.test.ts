// SPDX-License-Identifier: GPL-2.0-only
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { formatTypeProblem } from './type-problem';
import { typeProblems } from './type-problems';

const root = path.join(__dirname, '..', '..');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-types-'));
afterAll(() => {
  fs.rmSync(folder, { recursive: true });
});

const HEAD = "import { DEFINE_SPINLOCK, type Op, spin_lock } from '#lib';\n";
const LOCK = "const lock = DEFINE_SPINLOCK('lock');\n";
const SOURCES = {
  'right.ts': `${HEAD}${LOCK}export function* f(): Op<void> { console.log(1); yield* spin_lock(lock); }\n`,
  'wrong.txt': `${HEAD}${LOCK}export function* f(): Op<number> { const a: string = 4; return yield* spin_lock(lock); }\n`,
  'unknown-export.ts': "import { spin_lokc } from '#lib';\nexport const f = spin_lokc;\n",
  'no-module.ts': "import { a } from './elsewhere';\nexport const b = a;\n",
  'dead-code.ts': 'export function f(): number { return 1; f(); }\n',
  'node.ts': 'export const f = (): unknown => process.env;\n',
};

it('checks drivers that lie anywhere and are called anything, against this lib', () => {
  const files = Object.entries(SOURCES).map(([name, text]) => {
    const file = path.join(folder, name);
    fs.writeFileSync(file, text);
    return file;
  });
  const told = [...typeProblems(root, files)].flatMap(([file, problems]) =>
    problems.map((problem) => formatTypeProblem(path.basename(file), problem)),
  );
  expect(told).toEqual([
    'wrong.txt:3:42: a text is wanted here, and this is a number (TS2322)',
    'wrong.txt:3:57: this has no value, and the function returns a number; write a return with one on the next line (TS2322)',
    "unknown-export.ts:1:10: '\"#lib\"' has no exported member named 'spin_lokc'. Did you mean 'spin_lock'? (TS2724)",
    "no-module.ts:1:19: Cannot find module './elsewhere' or its corresponding type declarations (TS2307)",
    "node.ts:1:33: Cannot find name 'process' (TS2591)",
  ]);
});
