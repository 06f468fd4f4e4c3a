// SPDX-License-Identifier: GPL-2.0-only
/** One judgement after another, as it goes. */
import type { KataReportV1 } from '../../lib/kata/verdict';
import { rejected } from '../../tools/kata/judgement';
import type { WorkerEngine } from '../engine/client';
import { type Limits, RefusedDriver } from '../engine/protocol';
import type { KataData } from '../engine/suites';

/** How a scenario stands while the driver is judged. */
export interface ScenarioRun {
  readonly id: string;
  readonly title: string;
  readonly executions: number;
  readonly status: 'waiting' | 'running' | 'pass' | 'fail' | 'open';
}

/** What the workshop shows below the editor. */
export type Verdict =
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly scenarios: readonly ScenarioRun[] }
  | { readonly state: 'cancelled' }
  /** `problems` say why the driver was refused, if it was. */
  | {
      readonly state: 'judged';
      readonly report: KataReportV1;
      readonly problems: readonly string[];
    }
  | { readonly state: 'checking types' }
  | { readonly state: 'types'; readonly problems: readonly string[] }
  | { readonly state: 'fault'; readonly message: string };

export class Judging {
  #number = 0;

  constructor(
    readonly engine: WorkerEngine,
    readonly data: KataData,
    readonly show: (verdict: Verdict) => void,
  ) {}

  /** Judges a driver; null if it was cancelled, refused, or broke. */
  async run(source: string, limits: Limits): Promise<KataReportV1 | null> {
    const number = ++this.#number;
    const show = (verdict: Verdict): void => {
      if (number === this.#number) this.show(verdict);
    };
    const { manifest } = this.data;
    show({ state: 'running', scenarios: [] });
    try {
      const opened = await this.engine.ask('open', { kata: manifest.id, driver: source });
      let runs = opened.scenarios.map(({ id, title }): ScenarioRun => ({
        id,
        title,
        executions: 0,
        status: 'waiting',
      }));
      show({ state: 'running', scenarios: runs });
      const report = await this.engine.ask('judge', { scenario: null, limits }, (progress) => {
        const { scenario, executions, verdict } = progress;
        const status = verdict === null ? 'running' : statusOf(verdict.status);
        runs = runs.map((run) => (run.id === scenario ? { ...run, executions, status } : run));
        show({ state: 'running', scenarios: runs });
      });
      show({ state: 'judged', report, problems: [] });
      return report;
    } catch (error) {
      if (error instanceof RefusedDriver) {
        const driver = `katas/${manifest.id}/${manifest.driver}`;
        const frame = { tool: 'kata site', manifest, driver, durationMs: 0 };
        show({ state: 'judged', ...rejected(frame, error.problems) });
      } else if (error instanceof DOMException) show({ state: 'cancelled' });
      else
        show({ state: 'fault', message: error instanceof Error ? error.message : String(error) });
      return null;
    }
  }

  cancel(): void {
    this.engine.cancel();
  }
}

function statusOf(status: string): ScenarioRun['status'] {
  return status === 'pass' || status === 'fail' ? status : 'open';
}
