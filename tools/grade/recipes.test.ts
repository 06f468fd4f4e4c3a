// SPDX-License-Identifier: GPL-2.0-only
/** The recipes of docs/recipes do what they say: their files are read, and their commands run as their schedulers run them. */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { repositoryRoot } from '../kata/katas';
import { type Batch, readBatch } from './batch/batch-file';
import { readResult } from './batch/results';
import { SETUP } from './gradescope-zip/scripts';

const root = repositoryRoot();
const recipe = (name: string): string =>
  fs.readFileSync(path.join(root, 'docs/recipes', name), 'utf8');
const SHARDS = 2;
const TIMEOUT_MS = 900_000;

/** A repository as a scheduler finds it, with a class in handed-in/, and a PATH on which npx is this checkout's. */
let folder = '';
const cwd = (): string => path.join(folder, 'work');

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-recipes-'));
  fs.mkdirSync(path.join(folder, 'bin'));
  const kata = path.join(root, 'bin', 'kata.js');
  const npx = `#!/bin/sh\n[ "$1" = kata ] || exit 99\nshift\nexec "${process.execPath}" "${kata}" "$@"\n`;
  fs.writeFileSync(path.join(folder, 'bin', 'npx'), npx, { mode: 0o755 });
});
beforeEach(() => {
  fs.mkdirSync(cwd());
  for (const [student, driver] of Object.entries({
    ada: 'solutions/00-lost-update/tally.ts',
    bob: 'katas/00-lost-update/kata.json',
    eve: 'package.json',
  })) {
    const own = path.join(cwd(), 'handed-in', student, '00-lost-update');
    fs.mkdirSync(own, { recursive: true });
    fs.copyFileSync(path.join(root, driver), path.join(own, 'tally.ts'));
  }
});
afterEach(() => {
  fs.rmSync(cwd(), { recursive: true, force: true });
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

function sh(command: string, env: Readonly<Record<string, string>>): void {
  const PATH = `${path.join(folder, 'bin')}:${path.dirname(process.execPath)}:${process.env['PATH'] ?? ''}`;
  // The results of one recipe serve the next: what is tried here is who grades what, not the grading.
  const KATA_GRADE_CACHE = path.join(folder, 'cache');
  execFileSync('bash', ['-c', command], {
    cwd: cwd(),
    env: { PATH, KATA_GRADE_CACHE, ...env },
    stdio: 'pipe',
  });
}

function expectWhole(out: string): void {
  const batch: Batch | null = readBatch(path.join(cwd(), out));
  expect(batch).toMatchObject({ state: 'complete', total: 3, shard: { index: 1, count: 1 } });
  const statuses = (batch?.submissions ?? []).map(({ student, result }) => [
    student.id,
    readResult(path.join(cwd(), out, result))?.status,
  ]);
  expect(statuses).toEqual([
    ['ada', 'pass'],
    ['bob', 'rejected'],
    ['eve', 'rejected'],
  ]);
  expect(fs.existsSync(path.join(cwd(), out, 'report.html'))).toBe(true);
}

interface Step {
  readonly run?: string;
  readonly uses?: string;
}

interface Workflow {
  readonly permissions: unknown;
  readonly jobs: Readonly<
    Record<
      'grade' | 'merge',
      {
        readonly steps: readonly Step[];
        readonly env?: Readonly<Record<string, string>>;
        readonly strategy?: { readonly matrix: { readonly shard: readonly number[] } };
      }
    >
  >;
}

it(
  'GitHub Actions: a matrix, and a job that merges',
  () => {
    const { jobs, permissions } = parse(recipe('github-actions.yml')) as Workflow;
    const { grade, merge } = jobs;
    expect(permissions).toEqual({ contents: 'read' });
    expect(grade.strategy?.matrix.shard).toEqual([1, 2, 3, 4]);
    expect(grade.env).toEqual({
      SHARD: '${{ matrix.shard }}',
      SHARDS: '${{ strategy.job-total }}',
    });
    const commands = (steps: readonly Step[]): string[] =>
      steps.flatMap(({ run }) => (run === undefined || run === 'npm ci' ? [] : [run]));
    for (let shard = 1; shard <= SHARDS; shard++) {
      for (const command of commands(grade.steps)) {
        sh(command, { SHARD: String(shard), SHARDS: String(SHARDS) });
      }
    }
    for (const command of commands(merge.steps)) sh(command, {});
    expectWhole('class');
  },
  TIMEOUT_MS,
);

it(
  'Slurm: an array whose tasks can be run again',
  () => {
    const script = recipe('slurm.sh');
    expect(/^#SBATCH --array=(.*)$/m.exec(script)?.[1]).toBe('1-4');
    for (const task of [1, 2, 2]) {
      sh(script, {
        SLURM_ARRAY_TASK_ID: String(task),
        SLURM_ARRAY_TASK_COUNT: String(SHARDS),
        SLURM_ARRAY_TASK_MIN: '1',
        SLURM_CPUS_PER_TASK: '2',
        SLURM_SUBMIT_DIR: cwd(),
      });
    }
    sh(mergeIn(script), {});
    expectWhole('class');
  },
  TIMEOUT_MS,
);

/** The command that a recipe's comment names for afterwards. */
function mergeIn(text: string): string {
  const found = /^#\s+(npx kata grade merge .*?)(\s{2,}.*)?$/m.exec(text)?.[1];
  if (found === undefined) throw new Error('the recipe does not say how to merge');
  return found;
}

interface Container {
  readonly image: string;
  readonly command: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly securityContext: unknown;
}

interface Job {
  readonly kind: string;
  readonly spec: {
    readonly completionMode: string;
    readonly completions: number;
    readonly accessModes?: readonly string[];
    readonly template: {
      readonly spec: {
        readonly containers: readonly Container[];
        readonly securityContext: unknown;
      };
    };
  };
}

it(
  'Kubernetes: an Indexed Job that may talk to nobody',
  () => {
    const [policy, claim, job] = parseAllDocuments(recipe('kubernetes.yaml')).map(
      (each) => each.toJS() as Job,
    );
    const { completionMode, completions, template } = job?.spec ?? {};
    const [container] = template?.spec.containers ?? [];
    expect([completionMode, policy?.kind]).toEqual(['Indexed', 'NetworkPolicy']);
    expect(claim?.spec.accessModes).toEqual(['ReadWriteMany']);
    const { securityContext } = template?.spec ?? {};
    expect(securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 });
    const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(container?.image).toBe(`kernel-race-katas:${version}`);
    expect(recipe('Dockerfile')).toContain(`-t kernel-race-katas:${version} .`);
    expect(container?.env).toEqual([{ name: 'KATA_SHARDS', value: String(completions) }]);
    expect(container?.securityContext).toMatchObject({ readOnlyRootFilesystem: true });
    const [shell, flag, command = ''] = container?.command ?? [];
    expect([shell, flag]).toEqual(['sh', '-c']);
    // The image holds a checkout, and the volume is mounted at /class.
    const here = command.replaceAll('/class/', `${cwd()}/`).replace('node bin/kata.js', 'npx kata');
    for (let index = 0; index < SHARDS; index++) {
      sh(here, { JOB_COMPLETION_INDEX: String(index), KATA_SHARDS: String(SHARDS) });
    }
    sh(mergeIn(recipe('kubernetes.yaml')), {});
    expectWhole('class');
  },
  TIMEOUT_MS,
);

it('Dockerfile: copies what there is, builds as the autograder does, and never the solutions', () => {
  const lines = recipe('Dockerfile').split('\n');
  const copied = lines.flatMap((line) =>
    line.startsWith('COPY ') ? line.split(' ').slice(1, -1) : [],
  );
  expect(copied).not.toContain('solutions');
  expect(copied.filter((name) => !fs.existsSync(path.join(root, name)))).toEqual([]);
  expect(
    lines.filter((line) => SETUP.includes(line.replace(/^(RUN| &&) | \\\\$/g, ''))).length,
  ).toBeGreaterThan(1);
});

const hasPython = spawnSync('python3', ['--version']).status === 0;

(hasPython ? it : it.skip)(
  'Classroom 50: a result for the runner, and none after a fault',
  () => {
    const own = path.join(cwd(), 'repository');
    fs.mkdirSync(own);
    fs.copyFileSync(
      path.join(root, 'solutions/01-rbd-put-client/rbd.ts'),
      path.join(own, 'rbd.ts'),
    );
    const run = (KATA_CHECKOUT: string): number | null =>
      spawnSync('python3', [path.join(root, 'docs/recipes/classroom50.py')], {
        cwd: own,
        stdio: 'pipe',
        env: {
          PATH: `${path.dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
          ...{ KATA_CHECKOUT, CLASSROOM: 'os', ASSIGNMENT: 'rbd', OWNER: 'ada' },
          ...{ SUBMISSION_TAG: 'submit/1', COMMIT_URL: 'https://c', RELEASE_URL: 'https://r' },
          REVIEW_URL: 'https://v',
        },
      }).status;
    expect(run(root)).toBe(0);
    const result: unknown = JSON.parse(fs.readFileSync(path.join(own, 'result.json'), 'utf8'));
    expect(result).toMatchObject({ schema: 'classroom50/result/v1', owner: 'ada', score: 100 });
    fs.rmSync(path.join(own, 'result.json'));
    expect(run(cwd())).not.toBe(0);
    expect(fs.existsSync(path.join(own, 'result.json'))).toBe(false);
  },
  TIMEOUT_MS,
);
