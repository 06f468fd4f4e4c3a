// SPDX-License-Identifier: GPL-2.0-only
/** What lasts, from left to right: turns, locks, waits, read sections, grace periods, deferred work, lives and counts. */
import type { ComponentChildren, JSX } from 'preact';
import type { Execution, ExecutionBand, ExecutionLife } from './execution';
import { countAt, laneOf, lastPosition, lastsAt, nameOf } from './view';

export interface TimelineProps {
  readonly execution: Execution;
  readonly position: number;
  readonly go: (position: number) => void;
}

const GROUPS: readonly { kind: ExecutionBand['kind']; title: string }[] = [
  { kind: 'lock', title: 'Locks held' },
  { kind: 'wait', title: 'Waiting' },
  { kind: 'section', title: 'RCU read sections' },
  { kind: 'grace', title: 'Grace periods' },
  { kind: 'deferred', title: 'Works, timers and callbacks' },
];

export function Timeline({ execution, position, go }: TimelineProps): JSX.Element {
  const { bands, lives, counts } = execution;
  return (
    <div class="timeline">
      {GROUPS.map(({ kind, title }) => (
        <Group key={kind} title={title} some={bands.some((band) => band.kind === kind)}>
          {tracksOf(bands.filter((band) => band.kind === kind)).map(([name, spans]) => (
            <Track key={name} name={name} now={bandNow(execution, spans, position)}>
              {spans.map((span, i) => (
                <Bar key={i} execution={execution} span={span} kind={kind} go={go} />
              ))}
              <Cursor execution={execution} position={position} />
            </Track>
          ))}
        </Group>
      ))}
      <Group title="Lives of objects" some={lives.length > 0}>
        {lives.filter(changes).map((life) => (
          <Track key={life.object} name={life.object} now={lifeNow(execution, life, position)}>
            <Life execution={execution} life={life} go={go} />
            <Cursor execution={execution} position={position} />
          </Track>
        ))}
        <Constant lives={lives.filter((life) => !changes(life))} />
      </Group>
      <Group title="Counts" some={counts.length > 0}>
        {counts.map((count) => (
          <Track key={count.object} name={count.object} now={countAt(count, position)}>
            {count.changes.map(({ at, text }, i) => {
              const to = count.changes[i + 1]?.at ?? lastPosition(execution);
              return (
                <span
                  class="count"
                  key={at}
                  style={spanStyle(execution, at, to)}
                  title={`${text} from step ${at}`}
                >
                  {text === 'unknown' ? '?' : text}
                </span>
              );
            })}
            <Cursor execution={execution} position={position} />
          </Track>
        ))}
      </Group>
    </div>
  );
}

interface GroupProps {
  readonly title: string;
  readonly some: boolean;
  readonly children: ComponentChildren;
}

function Group({ title, some, children }: GroupProps): JSX.Element | null {
  if (!some) return null;
  return (
    <section class="track-group">
      <h4>{title}</h4>
      <ul>{children}</ul>
    </section>
  );
}

interface TrackProps {
  readonly name: string;
  /** What it is at the position. */
  readonly now: string;
  readonly children: ComponentChildren;
}

function Track({ name, now, children }: TrackProps): JSX.Element {
  return (
    <li class="track">
      <span class="track-name">
        <span class="track-label">{name}</span> <span class="track-now">{now}</span>
      </span>
      <span class="track-bars" aria-hidden="true">
        {children}
      </span>
    </li>
  );
}

interface BarProps {
  readonly execution: Execution;
  readonly span: ExecutionBand;
  readonly kind: ExecutionBand['kind'];
  readonly go: (position: number) => void;
}

function Bar({ execution, span, kind, go }: BarProps): JSX.Element {
  const { letter, from, to, began } = span;
  const lane = `lane${laneOf(execution, letter) % 8}`;
  const classes = `bar ${kind} ${lane} ${to === null ? 'open' : ''}`;
  const title = `${nameOf(execution, letter)}: ${span.name}, from step ${from} to ${to === null ? 'the end' : `step ${to}`}`;
  const runs = began ?? from;
  return (
    <>
      {began !== null && (
        <span
          class={`bar queued ${lane}`}
          style={spanStyle(execution, from, began)}
          title={`${title}, queued`}
        />
      )}
      <span
        class={classes}
        style={spanStyle(execution, runs, to)}
        title={title}
        onClick={() => go(from)}
      >
        {letter}
      </span>
    </>
  );
}

function Life({
  execution,
  life,
  go,
}: {
  execution: Execution;
  life: ExecutionLife;
  go: (position: number) => void;
}): JSX.Element {
  const { from, freed, letter, uses, object } = life;
  const lane = letter === '' ? 'nobody' : `lane${laneOf(execution, letter) % 8}`;
  const after = freed === null ? [] : uses.filter((step) => step > freed);
  return (
    <>
      <span
        class={`bar life ${lane}`}
        style={spanStyle(execution, from, freed)}
        title={`${object} is alive`}
      />
      {freed !== null && (
        <span
          class="event freed"
          style={spanStyle(execution, freed, freed)}
          title={`freed in step ${freed}`}
          onClick={() => go(freed)}
        >
          ✖
        </span>
      )}
      {after.map((step) => (
        <span
          class="event after"
          key={step}
          style={spanStyle(execution, step, step)}
          title={`used after it was freed, in step ${step}`}
          onClick={() => go(step)}
        >
          !
        </span>
      ))}
    </>
  );
}

/** Whether an object is not simply there all the time. */
function changes({ from, freed }: ExecutionLife): boolean {
  return from > 0 || freed !== null;
}

function Constant({ lives }: { readonly lives: readonly ExecutionLife[] }): JSX.Element | null {
  if (lives.length === 0) return null;
  const names = lives.map(({ object }) => object).join(', ');
  return <li class="constant">alive all the time: {names}</li>;
}

function Cursor({ execution, position }: { execution: Execution; position: number }): JSX.Element {
  return <span class="cursor" style={spanStyle(execution, position, position)} />;
}

/** Events at both ends have half a sign of room. */
function spanStyle(execution: Execution, from: number, to: number | null): Record<string, string> {
  const end = Math.max(1, lastPosition(execution));
  const part = (at: number): number => Math.round((Math.min(at, end) / end) * 10_000) / 10_000;
  const width = Math.round((part(to ?? end) - part(from)) * 10_000) / 10_000;
  return {
    left: `calc(8px + ${part(from)} * (100% - 16px))`,
    width: `calc(${width} * (100% - 16px))`,
  };
}

/** Bands of one name share a track. */
function tracksOf(bands: readonly ExecutionBand[]): [string, ExecutionBand[]][] {
  const tracks = new Map<string, ExecutionBand[]>();
  for (const band of bands) tracks.set(band.name, [...(tracks.get(band.name) ?? []), band]);
  return [...tracks];
}

function bandNow(execution: Execution, bands: readonly ExecutionBand[], position: number): string {
  const now = bands.filter((band) => lastsAt(band, position));
  return now.map(({ letter }) => nameOf(execution, letter)).join(', ');
}

function lifeNow(
  execution: Execution,
  { from, freed, freedBy, uses }: ExecutionLife,
  position: number,
): string {
  if (position < from) return 'not yet allocated';
  if (freed === null || position < freed) return 'alive';
  const by = freedBy === null || freedBy === '' ? '' : ` by ${nameOf(execution, freedBy)}`;
  const used = uses.some((step) => step > freed && step <= position);
  return `freed${by}${used ? ', then used' : ''}`;
}
