// SPDX-License-Identifier: GPL-2.0-only
/** How far a batch has come: a bar with rate and time left on a terminal, a line for each submission elsewhere. */
import { type SingleBar, SingleBar as Bar } from 'cli-progress';
import { plain } from '../odd';
import { looked } from '../faults';
import type { GradedReport } from '../types';
import type { BatchEntry } from './batch-file';

export interface Progress {
  /** So many submissions, some of which have their result from an earlier run. */
  start(total: number, kept: number): void;
  /** Something other than a submission takes its time. */
  phase(what: string): void;
  graded(entry: BatchEntry, report: GradedReport, cached: boolean): void;
  stop(): void;
}

/** Where it goes: process.stderr is one. */
export type ProgressStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** The form that suits the stream. */
export function progressOn(stream: ProgressStream): Progress {
  return stream.isTTY === true ? bar(stream) : lines(stream);
}

function lines(stream: ProgressStream): Progress {
  let [total, done] = [0, 0];
  return {
    start(all, kept) {
      [total, done] = [all, kept];
      if (kept > 0) stream.write(`${kept} of ${all} have their result already\n`);
    },
    phase(what) {
      stream.write(`${what}\n`);
    },
    graded({ student, kata }, report, cached) {
      done++;
      const note = cached ? ' (cached)' : '';
      const name = plain(student.id).replace(/\s/g, ' ');
      stream.write(`[${done}/${total}] ${name} ${kata}: ${outcomeOf(report)}${note}\n`);
    },
    stop: () => {},
  };
}

function outcomeOf(report: GradedReport): string {
  const { fault } = looked(report);
  if (fault !== null) return `no grade: ${fault.replace(/\s/g, ' ')}`;
  return `${report.status}, ${report.score} of ${report.maxScore}`;
}

function bar(stream: ProgressStream): Progress {
  const single: SingleBar = new Bar({
    format: '{bar} {value}/{total}  {rate} a minute  {eta_formatted} left{what}',
    stream,
    hideCursor: true,
    // Rates are of what was graded in this run.
    etaAsynchronousUpdate: true,
    clearOnComplete: true,
  });
  let [began, graded] = [0, 0];
  const rate = (): string => {
    const minutes = (Date.now() - began) / 60_000;
    return graded === 0 ? '-' : String(Math.round(graded / minutes));
  };
  return {
    start(total, kept) {
      began = Date.now();
      single.start(total, kept, { rate: '-', what: '' });
    },
    phase(what) {
      single.update({ what: `  ${what}` });
    },
    graded(_entry, _report, cached) {
      if (!cached) graded++;
      single.increment(1, { rate: rate(), what: '' });
    },
    stop: () => single.stop(),
  };
}
