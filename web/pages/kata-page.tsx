// SPDX-License-Identifier: GPL-2.0-only
/** Brings the page of a kata to life: its player, its hints, its workshop, its answers. */
import { render } from 'preact';
import { told } from './page';
import { showRace } from './race';
import { showStandings } from './standing';
import { editedDriver, remember } from './store';
import type { Chosen } from './comparing';
import type { Answers } from './types';

/** Brings the page to life. */
export async function bringToLife(): Promise<void> {
  const id = told.kata ?? '';
  remember({ about: id, what: 'current' });
  countHints(id);
  offerAnswers(id);
  offerWorkshop(id);
  await showRace();
}

function countHints(id: string): void {
  for (const hint of document.querySelectorAll<HTMLDetailsElement>('[data-hint]')) {
    const count = (): void => {
      if (hint.open) remember({ about: id, what: 'hints', level: Number(hint.dataset['hint']) });
    };
    hint.addEventListener('toggle', count);
    count(); // somebody may have been quicker than this script
  }
}

/** Answers and comparison: the comparison offers the answers once they are shown. */
function offerAnswers(id: string): void {
  let answers: Answers | null = null;
  let chosen: Chosen = { key: 'port' };
  const compare = async (): Promise<void> => {
    const place = document.getElementById('comparison');
    if (place === null) return;
    const { showComparison } = await import('./comparing');
    await showComparison(id, place, { answers, chosen });
  };
  const beside = (key: string): void => {
    chosen = { key };
    void compare().then(() => document.getElementById('compare')?.scrollIntoView());
  };
  const show = async (): Promise<void> => {
    const place = document.getElementById('answers-text');
    if (place === null) return;
    const { showAnswers } = await import('./answers');
    answers = await showAnswers(id, place, beside);
    // What is open already offers the answers from now on.
    if (document.querySelector('#comparison[data-open]') !== null) await compare();
  };
  document.getElementById('compare-now')?.addEventListener('click', () => void compare());
  document.getElementById('answers-anyway')?.addEventListener('click', () => void show());
  document.addEventListener('kata:holds', () => {
    showStandings();
    void show();
  });
}

/** The editor is loaded when somebody wants to edit, or has before. */
function offerWorkshop(id: string): void {
  const place = document.getElementById('workshop');
  if (place === null) return;
  const open = async (): Promise<void> => {
    const { Workshop } = await import('../workshop/workshop');
    const { workshopData } = await import('../workshop/data');
    const data = await workshopData(id);
    place.replaceChildren();
    render(<Workshop {...data} />, place);
  };
  document.getElementById('edit')?.addEventListener('click', () => void open());
  if (editedDriver(id) === null) return;
  // Not before it is nearly seen.
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    seen.disconnect();
    void open();
  });
  seen.observe(place);
}
