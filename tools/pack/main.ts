// SPDX-License-Identifier: GPL-2.0-only
/** Makes the packs of all scripts that start often, by running each once on the first kata. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { EXECUTIONS_MAX } from '../../lib/explore';
import { LIB_EXPORTS, readKata } from '../../lib/kata/files';
import { ANSWER_FD, type JudgeJob, TELL_STEPS } from '../grade/sandbox/protocol';
import { heapFlags } from '../kata/heap-flags';
import type { JudgeRequest } from '../kata/judge-protocol';
import { HEAP_MAX_MB } from '../kata/judge-process';

const root = path.resolve(__dirname, '..', '..', '..');
const dist = path.join(root, 'dist');
const id = 'katas/00-lost-update';

interface Recorded {
  readonly name: string;
  readonly script: string;
  /** Flags of the engine. V8 accepts cached code only under the flags it was made with. */
  readonly flags: readonly string[];
  readonly input: object | null;
}

function recorded(): Recorded[] {
  const { manifest } = readKata(path.join(root, id));
  const { driver, exports, statics } = manifest;
  const file = path.join(root, id, driver);
  const source = fs.readFileSync(file, 'utf8');
  const request: JudgeRequest = {
    ...{ root, kata: manifest.id, driver: file, source, shown: driver, driverOption: '' },
    ...{ scenario: null, schedule: null, full: false },
  };
  const job: JudgeJob = {
    ...{ nonce: '', source, driver, exports, statics, kata: manifest.id },
    libExports: LIB_EXPORTS,
    ...{ executionsMax: EXECUTIONS_MAX, explainMs: 60_000, tellSteps: TELL_STEPS },
    ...{ hiddenCode: '', cases: [] },
    suite: path.join(dist, id, 'scenarios.js'),
  };
  return [
    { name: 'kata', script: 'pack/kata.js', flags: [], input: null },
    {
      name: 'judge-child',
      script: 'kata/judge-child.js',
      flags: heapFlags(HEAP_MAX_MB),
      input: request,
    },
    {
      name: 'child',
      script: 'grade/sandbox/child.js',
      flags: ['--disable-proto=delete', ...heapFlags(512)],
      input: job,
    },
    {
      name: 'types-child',
      script: 'grade/sandbox/types-child.js',
      flags: [],
      input: { nonce: '', source, driver },
    },
  ];
}

/** Runs a script once and ignores its output. */
function record({ name, script, flags, input }: Recorded): Promise<void> {
  const tools = path.join(dist, 'tools');
  const args = [...flags, path.join(tools, 'pack', 'record.js'), name, path.join(tools, script)];
  const stdio = Array.from({ length: ANSWER_FD + 1 }, (_, fd) => (fd === 0 ? 'pipe' : 'ignore'));
  const child = spawn(process.execPath, args, { stdio, cwd: root });
  child.stdin?.end(input === null ? '' : `${JSON.stringify(input)}\n`);
  return new Promise((resolve) => {
    child.once('error', () => {
      resolve();
    });
    child.once('close', () => {
      resolve();
    });
  });
}

void Promise.all(recorded().map(record));
