// SPDX-License-Identifier: GPL-2.0-only
/** A grader: what is the same for all submissions of a batch, worked out once, and the way each of them takes. */
import fs from 'node:fs';
import path from 'node:path';
import { EXECUTIONS_MAX } from '../../lib/explore';
import { LIB_EXPORTS } from '../../lib/kata/files';
import type { Manifest } from '../../lib/kata/manifest';
import { Refusal } from '../kata/errors';
import { kataAt, kataIds } from '../kata/katas';
import { CANARY_KATA, GOOD, RACY, surprise } from './canaries';
import { type Hidden, NOTHING_HIDDEN, readHidden } from './hidden';
import { hiddenFolders } from './hidden-folder';
import { type GradedFrame, reportOf, ungraded, withTypes } from './report';
import { TELL_STEPS } from './sandbox/protocol';
import { availableLayers, type Inside } from './sandbox/layers';
import { ask, type Ending } from './sandbox/run';
import { Processes } from './sandbox/start';
import { TypeChecks } from './sandbox/type-checks';
import { type Handed, readSubmission } from './submission';
import { toldIn } from './told-failures';
import type { GradedReport, Grader, GraderOptions, Limits, Submission } from './types';
import { engineDigest, kataDigest, typesDigest } from './version';

/** Backstops, also for a slow machine: a submission takes a second or two. */
const LIMITS: Limits = {
  cpuMs: 90_000,
  explainMs: 60_000,
  wallMs: 1_800_000,
  typesMs: 30_000,
  executionsMax: EXECUTIONS_MAX,
  heapMb: 512,
};

/** A kata as it is graded: with what the instructor adds. */
interface GradedKata {
  readonly manifest: Manifest;
  readonly hidden: Hidden;
  readonly version: string;
}

/** Sets up a grader. Throws a Refusal for what cannot be. */
export function openGrader(options: GraderOptions): Grader {
  return new SandboxGrader(options);
}

class SandboxGrader implements Grader {
  readonly root: string;
  readonly layers: readonly string[];
  readonly katas: readonly string[];
  readonly #processes: Processes;
  readonly #limits: Limits;
  readonly #engine: string;
  /** What types are checked against; null if they are not. */
  readonly #typed: string | null;
  readonly #katas = new Map<string, GradedKata>();
  readonly #types: TypeChecks | null;
  /** Folders with scenarios of the instructor's, by kata. */
  readonly #hidden: ReadonlyMap<string, string>;
  #untrusted: string | null = null;

  constructor(readonly options: GraderOptions) {
    const { root, layers } = options;
    this.root = root;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#processes = new Processes(availableLayers(root, layers));
    this.layers = ['ses', ...this.#processes.layers];
    this.katas = kataIds(root).filter((id) => fs.existsSync(suiteOf(root, id)));
    this.#engine = engineDigest(root);
    this.#typed = options.types === false ? null : typesDigest(root);
    this.#types =
      this.#typed === null ? null : new TypeChecks(root, this.#processes, this.#limits.typesMs);
    // A mistake of the instructor's is reported before anything is graded.
    const hidden = options.hidden ?? null;
    this.#hidden = hidden === null ? new Map() : hiddenFolders(hidden, this.katas);
    for (const id of this.#hidden.keys()) this.#kata(id);
  }

  maxScore(kata: string): number {
    return this.#kata(kata).manifest.tasks.reduce((sum, { points }) => sum + points, 0);
  }

  hidden(kata: string): number {
    return this.#kata(kata).hidden.visibility.size;
  }

  version(kata: string): string {
    return this.#kata(kata).version;
  }

  digest({ kata, file }: Submission): string | null {
    return readSubmission(this.root, this.#kata(kata).manifest, file).digest?.sha256 ?? null;
  }

  async grade(submission: Submission, signal?: AbortSignal): Promise<GradedReport> {
    const started = performance.now();
    const kata = this.#kata(submission.kata);
    const handed = readSubmission(this.root, kata.manifest, submission.file);
    const report = await this.#gradeHanded(kata, handed, signal);
    return { ...report, durationMs: Math.round(performance.now() - started) };
  }

  pending({ kata }: Submission): GradedReport {
    const frame = this.#frame(this.#kata(kata), null);
    return ungraded(frame, 'error', 'not graded: the grader was stopped before it came to this');
  }

  async canaries(): Promise<string | null> {
    const kata = this.#kata(CANARY_KATA, NOTHING_HIDDEN);
    const [good, racy] = await Promise.all([this.#ask(kata, GOOD, 0), this.#ask(kata, RACY, 0)]);
    const frame = this.#frame(kata, null);
    const found = surprise(reportOf(frame, good), reportOf(frame, racy));
    this.#untrusted ??= found;
    return found;
  }

  async close(): Promise<void> {
    await this.#processes.killAll();
  }

  async #gradeHanded(
    kata: GradedKata,
    handed: Handed,
    signal: AbortSignal | undefined,
  ): Promise<GradedReport> {
    if (!handed.ok) {
      return ungraded(this.#frame(kata, handed.digest), 'rejected', handed.problem);
    }
    const { told } = this.options;
    const ending = await this.#ask(
      kata,
      handed.source,
      told === undefined ? 0 : TELL_STEPS,
      signal,
    );
    const report = reportOf(this.#frame(kata, handed.digest), ending);
    if (told !== undefined) for (const one of toldIn(report, ending, handed.source)) told(one);
    const { status } = report;
    if (this.#types === null || status === 'rejected' || signal?.aborted === true) return report;
    return withTypes(report, await this.#types.check(handed.source, kata.manifest.driver));
  }

  async #ask(
    { manifest, hidden }: GradedKata,
    source: string,
    tellSteps: number,
    signal?: AbortSignal,
  ): Promise<Ending> {
    const { id, driver, exports, statics } = manifest;
    const { executionsMax, explainMs } = this.#limits;
    const job = {
      ...{ source, driver, exports, statics, executionsMax, explainMs },
      tellSteps,
      kata: id,
      libExports: LIB_EXPORTS,
      suite: suiteOf(this.root, id),
      hiddenCode: hidden.code,
      cases: hidden.cases,
    };
    const question = { processes: this.#processes, inside: this.#inside(), job, signal };
    const first = await ask(question);
    // What is not a fault of the submission gets a second chance, once.
    return first.how === 'crash' && signal?.aborted !== true ? ask(question) : first;
  }

  #inside(): Inside {
    return {
      root: this.root,
      script: path.join(this.root, 'dist', 'tools', 'grade', 'sandbox', 'child.js'),
      reads: READS,
      heapMb: this.#limits.heapMb,
      wallMs: this.#limits.wallMs,
      cpuMs: this.#limits.cpuMs + this.#limits.explainMs,
    };
  }

  #frame({ manifest, hidden, version }: GradedKata, submission: Handed['digest']): GradedFrame {
    return {
      frame: { tool: this.options.tool, manifest, driver: manifest.driver, durationMs: 0 },
      grading: { submission, version, layers: this.layers, untrusted: this.#untrusted },
      visibility: hidden.visibility,
    };
  }

  #kata(id: string, hidden?: Hidden): GradedKata {
    if (!this.katas.includes(id)) throw new Refusal(`there is no kata ${id} to be graded`);
    const known = this.#katas.get(id);
    if (known !== undefined && hidden === undefined) return known;
    const { manifest } = kataAt(this.root, id);
    const own = this.#hidden.get(id);
    const added =
      hidden ??
      (own === undefined ? NOTHING_HIDDEN : readHidden(own, manifest, suiteOf(this.root, id)));
    const { executionsMax } = this.#limits;
    const rules = [manifest, added, executionsMax, this.#typed];
    const kata = {
      manifest: { ...manifest, tasks: [...manifest.tasks, ...added.tasks] },
      hidden: added,
      version: kataDigest(this.#engine, suiteOf(this.root, id), rules),
    };
    if (hidden === undefined) this.#katas.set(id, kata);
    return kata;
  }
}

function suiteOf(root: string, id: string): string {
  return path.join(root, 'dist', 'katas', id, 'scenarios.js');
}

/** What the judging process loads beside dist/. */
const READS = ['@babel/parser', 'acorn', 'magic-string', '@jridgewell/sourcemap-codec', 'ses'].map(
  (name) => path.join('node_modules', name),
);
