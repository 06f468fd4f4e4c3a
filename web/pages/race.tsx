// SPDX-License-Identifier: GPL-2.0-only
/** Shows the race of a kata in the player, in place of its report. */
import { render } from 'preact';
import type { Race } from '../../tools/pages/failures';
import { Player } from '../player/player';
import { siteFile } from './page';

/** Puts the player where the page has a place for it. */
export async function showRace(): Promise<void> {
  const place = document.getElementById('player');
  const kata = place?.dataset['kata'];
  if (place === null || kata === undefined) return;
  const { execution } = await siteFile<Race>(`katas/${kata}/race.json`);
  place.replaceChildren();
  render(<Player execution={execution} />, place);
}
