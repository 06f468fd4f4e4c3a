// SPDX-License-Identifier: GPL-2.0-only
/**
 * The players of a page that needs no other script: each shows an execution that stands in the page as JSON. One inside a closed
 * `<details>` is made when that is opened, as a page may hold hundreds. What follows the data as `.without-player` is for readers
 * without scripts.
 */
import { render } from 'preact';
import type { Execution } from './execution';
import { Player } from './player';

const all = [...document.querySelectorAll<HTMLScriptElement>('script[type="application/json"]')];
for (const data of all) {
  const around = data.closest('details');
  if (around === null) show(data, all.length === 1);
  else if (around.open) show(data, false);
  else around.addEventListener('toggle', () => show(data, false), { once: true });
}

function show(data: HTMLScriptElement, wholePage: boolean): void {
  const place = document.createElement('div');
  data.after(place);
  const execution = JSON.parse(data.text) as Execution; // the program that wrote the page wrote it
  render(<Player execution={execution} wholePage={wholePage} />, place);
  const without = place.nextElementSibling;
  if (without instanceof HTMLElement && without.matches('.without-player')) without.hidden = true;
}
