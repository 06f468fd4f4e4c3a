// SPDX-License-Identifier: GPL-2.0-only
/**
 * A trace as Perfetto and chrome://tracing read it: the Trace Event Format, in JSON. A step is a slice of a millisecond on the
 * track of its task. There are tracks for the CPUs, the locks and the memory too, flows for happens-before, and counters.
 * Slices on one track never overlap, so they nest.
 */
import { isCounter } from '../counters';
import { type Participant, participantsOf } from '../participants';
import type { SceneTask } from '../scene';
import { type Edge, edgesOf } from './edges';
import { countChanges, heldSpans, memorySpans, type Span, turnSpans, waitSpans } from './spans';
import { type Told, told, tasksOf, type Traced, wordsFor } from './traced';

/** One event; which fields there are depends on `ph`. */
export interface TraceEvent {
  readonly ph: 'M' | 'X' | 'C' | 's' | 'f' | 'i';
  readonly name: string;
  readonly pid: number;
  readonly tid?: number;
  /** Microseconds, as all times. */
  readonly ts?: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly id?: number;
  readonly bp?: 'e';
  readonly s?: 'g';
  readonly args?: Readonly<Record<string, unknown>>;
}

const TASKS = 1;
const CPUS = 2;
const LOCKS = 3;
const MEMORY = 4;
const PROCESSES = { [TASKS]: 'tasks', [CPUS]: 'CPUs', [LOCKS]: 'locks', [MEMORY]: 'memory' };

/** The length of a step in microseconds. */
const STEP = 1000;

/** The trace as JSON text. */
export function chromeTrace(traced: Traced): string {
  const otherData = { title: traced.title, unit: 'one step is shown as one millisecond' };
  const events = new Chrome(traced).events().map((event) => JSON.stringify(event));
  return [
    `{"displayTimeUnit":"ms","otherData":${JSON.stringify(otherData)},"traceEvents":[`,
    events.join(',\n'),
    ']}',
    '',
  ].join('\n');
}

class Chrome {
  readonly #told: Told;
  readonly #tasks: readonly SceneTask[];
  readonly #participants: readonly Participant[];
  /** Where spans without an end are cut off: one step after the last. */
  readonly #end: number;

  constructor(readonly traced: Traced) {
    this.#told = told(traced);
    this.#tasks = tasksOf(traced);
    this.#participants = participantsOf(traced.recorded, this.#tasks);
    this.#end = (traced.recorded.steps.length + 2) * STEP;
  }

  events(): TraceEvent[] {
    return [
      ...this.#processes(),
      ...this.#steps(),
      ...this.#waits(),
      ...this.#turns(),
      ...this.#tracks(LOCKS, heldSpans(this.traced), (span) => this.#comm(span.letter)),
      ...this.#tracks(MEMORY, memorySpans(this.traced), () => 'alive'),
      ...edgesOf(this.traced).flatMap((edge, i) => this.#flow(edge, i + 1)),
      ...this.#counters(),
      ...this.#violation(),
    ];
  }

  #processes(): TraceEvent[] {
    const names = Object.entries(PROCESSES).flatMap(([pid, name]) => [
      meta('process_name', Number(pid), undefined, { name }),
      meta('process_sort_index', Number(pid), undefined, { sort_index: Number(pid) }),
    ]);
    const threads = this.#tasks.flatMap(({ id, letter, comm }) => [
      ...track(TASKS, id, `${comm} (${letter})`),
      ...track(CPUS, id, `CPU ${id}`),
    ]);
    return [...names, ...threads];
  }

  #steps(): TraceEvent[] {
    const { recorded, scenes } = this.traced;
    return recorded.steps.map((step, i): TraceEvent => {
      const [frame] = this.#told.telling.frames(step.site);
      const { state, outcome, accesses, letter } = step;
      const held = scenes[i + 1]?.tasks.find((task) => task.letter === letter)?.held ?? [];
      const touched = accesses.map(
        ({ write, object, field }) =>
          `${write ? 'writes' : 'reads'} ${field === '' ? object : `${object}.${field}`}`,
      );
      return slice(TASKS, step.task, (i + 1) * STEP, STEP, wordsFor(step), {
        step: i + 1,
        ...(frame === undefined ? {} : { in: frame.name, at: `${frame.file}:${frame.line}` }),
        ...(outcome === 0 ? {} : { outcome }),
        ...(state === null || !isCounter(state.type)
          ? {}
          : { before: state.before, after: state.after }),
        ...(touched.length === 0 ? {} : { touched: [...new Set(touched)] }),
        ...(held.length === 0 ? {} : { holds: held.map(({ object }) => object) }),
      });
    });
  }

  #waits(): TraceEvent[] {
    return waitSpans(this.traced).map(({ name, letter, from, to }) => {
      const ts = (from + 1) * STEP;
      const dur = (to === null ? this.#end : (to + 1) * STEP) - ts;
      const waits = to === null ? 'waits for ever' : 'waits';
      return slice(TASKS, this.#id(letter), ts, dur, `${waits}: ${name}`);
    });
  }

  #turns(): TraceEvent[] {
    return turnSpans(this.traced).map(({ letter, from, to }) => {
      const steps = (to ?? from) - from;
      return slice(CPUS, this.#cpu(letter), (from + 1) * STEP, steps * STEP, this.#comm(letter), {
        schedule: `${letter}${steps}`,
      });
    });
  }

  /** Lays spans out on one track for each name. Where several tasks hold one object at once, as readers may, each gets a track. */
  #tracks(pid: number, spans: readonly Span[], nameOf: (span: Span) => string): TraceEvent[] {
    const lanes: { name: string; spans: Span[] }[] = [];
    for (const span of spans) {
      const free = lanes.find(({ name, spans: taken }) => {
        const last = taken[taken.length - 1];
        const over = last !== undefined && last.to !== null && last.to <= span.from;
        return name === span.name && over;
      });
      if (free !== undefined) free.spans.push(span);
      else lanes.push({ name: span.name, spans: [span] });
    }
    return lanes.flatMap((lane, i) => [
      ...track(pid, i + 1, lane.name),
      ...lane.spans.map((span) => {
        const dur = (span.to === null ? this.#end : span.to * STEP) - span.from * STEP;
        const open = span.to === null ? { until: 'the end' } : {};
        return slice(pid, i + 1, span.from * STEP, dur, nameOf(span), {
          by: this.#comm(span.letter),
          ...open,
        });
      }),
    ]);
  }

  /** Leaves late in one step and arrives early in the other, so that the viewer attaches it to the right slices. */
  #flow({ from, to, kind, name }: Edge, id: number): TraceEvent[] {
    const at = (step: number): number => this.traced.recorded.steps[step]?.task ?? 0;
    const common = { name, cat: kind, id, pid: TASKS };
    return [
      { ph: 's', ...common, tid: at(from), ts: (from + 1) * STEP + (STEP * 3) / 4 },
      { ph: 'f', bp: 'e', ...common, tid: at(to), ts: (to + 1) * STEP + STEP / 4 },
    ];
  }

  #counters(): TraceEvent[] {
    return countChanges(this.traced).flatMap(({ step, object, value }): TraceEvent[] =>
      value === null
        ? []
        : [{ ph: 'C', name: object, pid: TASKS, ts: step * STEP, args: { count: value } }],
    );
  }

  #violation(): TraceEvent[] {
    const { finding, recorded } = this.traced;
    const { headline } = this.#told;
    if (finding === null || headline === null) return [];
    const seen = recorded.steps.findIndex(({ findings }) => findings.includes(finding));
    const tid = Math.max(1, finding.task?.id ?? 1); // set-up code has no track
    const ts = seen < 0 ? this.#end : (seen + 1) * STEP + STEP / 2;
    return [{ ph: 'i', s: 'g', name: headline, cat: finding.kind, pid: TASKS, tid, ts }];
  }

  #cpu(letter: string): number {
    return this.#participants.find((task) => task.letter === letter)?.cpu ?? 0;
  }

  #id(letter: string): number {
    return this.#tasks.find((task) => task.letter === letter)?.id ?? 0;
  }

  #comm(letter: string): string {
    const task = this.#tasks.find((one) => one.letter === letter);
    return task === undefined ? 'set-up' : `${task.comm} (${letter})`;
  }
}

function meta(
  name: string,
  pid: number,
  tid: number | undefined,
  args: Readonly<Record<string, unknown>>,
): TraceEvent {
  return { ph: 'M', name, pid, ...(tid === undefined ? {} : { tid }), args };
}

function track(pid: number, tid: number, name: string): TraceEvent[] {
  return [
    meta('thread_name', pid, tid, { name }),
    meta('thread_sort_index', pid, tid, { sort_index: tid }),
  ];
}

function slice(
  pid: number,
  tid: number,
  ts: number,
  dur: number,
  name: string,
  args: Readonly<Record<string, unknown>> = {},
): TraceEvent {
  return { ph: 'X', name, pid, tid, ts, dur, args };
}
