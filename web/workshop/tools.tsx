// SPDX-License-Identifier: GPL-2.0-only
/** The buttons above the editor. */
import type { ComponentChildren, JSX } from 'preact';
import { download } from '../pages/files';
import type { Verdict } from './judging';

/** How many interleavings of a scenario are explored, for somebody in a hurry. */
export const LIMITS: readonly (readonly [string, number | null])[] = [
  ['all interleavings', null],
  ['10 interleavings', 10],
  ['1 000 interleavings', 1000],
  ['100 000 interleavings', 100_000],
];

interface ToolsProps {
  readonly verdict: Verdict;
  readonly limit: number;
  readonly setLimit: (limit: number) => void;
  readonly run: () => void;
  readonly cancel: () => void;
  readonly checkTypes: () => void;
  readonly children: ComponentChildren;
}

/** What is done with the driver in the editor. */
export function Tools({
  verdict,
  limit,
  setLimit,
  run,
  cancel,
  checkTypes,
  children,
}: ToolsProps): JSX.Element {
  const running = verdict.state === 'running';
  const busy = running || verdict.state === 'checking types';
  return (
    <div class="tools">
      <button
        type="button"
        class="primary"
        onClick={running ? cancel : run}
        disabled={busy && !running}
      >
        {running ? 'Cancel' : 'Judge it'}
      </button>
      <label>
        <span class="hidden">How far to explore</span>
        <select
          value={limit}
          onChange={({ currentTarget }) => {
            setLimit(Number(currentTarget.value));
          }}
        >
          {LIMITS.map(([name], i) => (
            <option key={name} value={i}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button type="button" onClick={checkTypes} disabled={busy}>
        Check types
      </button>
      <span class="gap" />
      {children}
    </div>
  );
}

interface FilesProps {
  readonly name: string;
  readonly text: () => string;
  readonly shipped: string;
  readonly replace: (text: string) => void;
}

/** The ways of the driver into the page and out of it. */
export function Files({ name, text, shipped, replace }: FilesProps): JSX.Element {
  return (
    <>
      <button
        type="button"
        class="quiet"
        onClick={() => {
          download(name, text());
        }}
      >
        Download
      </button>
      <label class="button quiet">
        Upload
        <input
          type="file"
          class="hidden"
          accept=".ts,text/plain"
          onChange={({ currentTarget }) => {
            void currentTarget.files?.[0]?.text().then(replace);
            currentTarget.value = '';
          }}
        />
      </label>
      <button
        type="button"
        class="quiet"
        onClick={() => {
          if (confirm('Give up your changes and begin again with the driver as shipped?'))
            replace(shipped);
        }}
      >
        Start over
      </button>
    </>
  );
}
