// SPDX-License-Identifier: GPL-2.0-only
import type { JSX } from 'preact';
import type { Execution } from './execution';

/** The report of the finding, as the terminal prints it. */
export function Report({ execution }: { readonly execution: Execution }): JSX.Element | null {
  const { finding } = execution;
  if (finding === null) return null;
  return (
    <details class="report" open>
      <summary>The report</summary>
      <pre tabIndex={0} role="group" aria-label="Report">
        {finding.report}
      </pre>
    </details>
  );
}
