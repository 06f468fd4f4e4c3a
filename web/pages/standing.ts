// SPDX-License-Identifier: GPL-2.0-only
/** Shows how katas stand wherever a page has a place for it, and lets the reader keep the state as a file. */
import { hintsRead, wasSolved } from '../../tools/kata/state/facts';
import { download } from './files';
import { editedDriver, facts, forgetAll, stateText, takeIn } from './store';

/** Fills in every place of the page that tells how a kata stands. */
export function showStandings(): void {
  const known = facts();
  const places = document.querySelectorAll<HTMLElement>('[data-standing]');
  for (const place of places) {
    const id = place.dataset['standing'] ?? '';
    const holds = wasSolved(known, id);
    const begun = editedDriver(id) !== null;
    place.textContent = holds ? 'holds' : begun ? 'begun' : '';
    place.classList.toggle('holds', holds);
    place.classList.toggle('begun', !holds && begun);
  }
  for (const place of document.querySelectorAll<HTMLElement>('[data-hints]')) {
    const read = hintsRead(known, place.dataset['hints'] ?? '');
    place.textContent = read === 0 ? '' : String(read);
  }
  for (const place of document.querySelectorAll<HTMLElement>('[data-edited]')) {
    place.textContent = editedDriver(place.dataset['edited'] ?? '') === null ? '' : 'yes';
  }
  const sum = document.getElementById('progress-sum');
  if (sum !== null) {
    const ids = [...document.querySelectorAll<HTMLElement>('td[data-standing]')].map(
      ({ dataset }) => dataset['standing'] ?? '',
    );
    const done = ids.filter((id) => wasSolved(known, id)).length;
    sum.textContent = `${done} of ${ids.length} katas hold in this browser.`;
  }
}

/** The buttons of the page of progress. */
export function offerState(): void {
  const told = document.getElementById('state-told');
  const tell = (text: string): void => {
    if (told !== null) told.textContent = text;
    showStandings();
  };
  document.getElementById('state-export')?.addEventListener('click', () => {
    download('state.txt', stateText());
    tell('Exported. Put it into a clone as .kata/state.txt.');
  });
  document.getElementById('state-import')?.addEventListener('change', ({ target }) => {
    const [file] = target instanceof HTMLInputElement ? (target.files ?? []) : [];
    void file?.text().then((text) => {
      const wrong = takeIn(text);
      tell(wrong === null ? 'Imported.' : `This is not a state file: “${wrong.slice(0, 60)}”.`);
    });
  });
  document.getElementById('state-forget')?.addEventListener('click', () => {
    if (!confirm('Forget all progress and all edited drivers in this browser?')) return;
    forgetAll();
    tell('Forgotten.');
  });
}
