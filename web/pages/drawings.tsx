// SPDX-License-Identifier: GPL-2.0-only
/** Reports that a guide draws: each can be watched in the player, which is loaded then and takes the place of the text. */
import { type JSX, render } from 'preact';
import type { Execution } from '../player/execution';
import { packedFile } from './page';

/** Puts a button above every drawing. */
export function offerDrawings(): void {
  for (const drawing of document.querySelectorAll<HTMLElement>('.drawing')) {
    const place = document.createElement('div');
    drawing.before(place);
    render(<Offer show={() => show(drawing, place)} />, place);
  }
}

function Offer({ show }: { readonly show: () => Promise<void> }): JSX.Element {
  return (
    <p class="buttons">
      <button type="button" onClick={() => void show()}>
        Watch it step by step
      </button>
    </p>
  );
}

async function show(drawing: HTMLElement, place: HTMLElement): Promise<void> {
  const file = drawing.dataset['execution'] ?? '';
  const [{ Player }, execution] = await Promise.all([
    import('../player/player'),
    packedFile<Execution>(file),
    import('../player/player.css'),
  ]);
  render(<Player execution={execution} />, place);
  place.querySelector<HTMLElement>('.buttons .primary')?.focus();
  drawing.hidden = true;
}
