// SPDX-License-Identifier: GPL-2.0-only
/** The place of the player: the report of a kata's race, until the page's script shows the race itself. */
import type { JSX } from 'preact';

interface RaceTextProps {
  /** The id of the kata. */
  readonly kata: string;
  readonly headline: string;
  readonly report: string;
  readonly wide?: boolean;
}

export function RaceText({ kata, headline, report, wide = false }: RaceTextProps): JSX.Element {
  return (
    <div id="player" class={wide ? 'wide' : undefined} data-kata={kata}>
      <details>
        <summary>
          <code>{headline}</code>
        </summary>
        <pre class="code report" tabIndex={0}>
          {report}
        </pre>
      </details>
    </div>
  );
}
