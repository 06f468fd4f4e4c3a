// SPDX-License-Identifier: GPL-2.0-only
/** The verdict: how each scenario stands while it runs, and then what the terminal prints, letter by letter. */
import type { JSX } from 'preact';
import { printJudgement } from '../../tools/kata/print/judgement';
import { PLAIN } from '../../tools/kata/print/style';
import { count } from '../../tools/kata/print/words';
import type { Verdict } from './judging';

const WORDS = { waiting: '', running: '…', pass: 'ok', fail: 'FAIL', open: 'open' } as const;

/** The scenarios of a judgement that is under way. */
export function ScenarioList({ verdict }: { readonly verdict: Verdict }): JSX.Element | null {
  if (verdict.state !== 'running') return null;
  const done = verdict.scenarios.filter(
    ({ status }) => status !== 'waiting' && status !== 'running',
  );
  return (
    <div class="running">
      <p role="status">
        {verdict.scenarios.length === 0
          ? 'Reading the driver …'
          : `${done.length} of ${count(verdict.scenarios.length, 'scenario')} explored`}
      </p>
      <progress
        value={done.length}
        max={Math.max(1, verdict.scenarios.length)}
        aria-label="Scenarios explored"
      />
      <ul>
        {verdict.scenarios.map(({ id, title, executions, status }) => (
          <li key={id} class={status}>
            <span class="word">{WORDS[status]}</span> {title}
            {executions === 0 ? '' : ` (${count(executions, 'interleaving')})`}
          </li>
        ))}
      </ul>
    </div>
  );
}

interface VerdictProps {
  readonly verdict: Verdict;
  readonly title: string;
  /** Shows a line of the driver. */
  readonly goTo: (line: number) => void;
}

/** The text of a verdict. */
export function VerdictText({ verdict, title, goTo }: VerdictProps): JSX.Element | null {
  switch (verdict.state) {
    case 'idle':
    case 'running':
      return null;
    case 'checking types':
      return (
        <p role="status">Checking types … the compiler is fetched for the first time you ask.</p>
      );
    case 'cancelled':
      return <p role="status">Cancelled: nothing is proven.</p>;
    case 'fault':
      return <p role="alert">{verdict.message}</p>;
    case 'types':
      if (verdict.problems.length === 0) return <p role="status">No type errors.</p>;
      return <Problems problems={verdict.problems} goTo={goTo} />;
    case 'judged': {
      const { report, problems } = verdict;
      const judgement = { report, problems, fault: null };
      const command = `npx kata test ${report.kata.slice(0, 2)}`;
      const text = printJudgement({ judgement, title, command, all: false }, PLAIN);
      return (
        <div class={`verdict ${report.status}`}>
          <pre class="code report" tabIndex={0} role="status" aria-label="The verdict">
            {text}
          </pre>
        </div>
      );
    }
  }
}

function Problems({
  problems,
  goTo,
}: { readonly problems: readonly string[] } & Pick<VerdictProps, 'goTo'>): JSX.Element {
  return (
    <ul class="problems" role="alert">
      {problems.map((problem) => (
        <li key={problem}>
          <button
            type="button"
            class="quiet"
            onClick={() => goTo(Number(/:(\d+):\d+: /.exec(problem)?.[1] ?? 1))}
          >
            {problem}
          </button>
        </li>
      ))}
    </ul>
  );
}
