// SPDX-License-Identifier: GPL-2.0-only
/** Searches the site. The index is fetched when it is asked for. */
import MiniSearch from 'minisearch';
import { type Findable, INDEX } from '../../tools/pages/search-options';
import { addressOf } from './page';
import { type Found, rank } from './ranking';

let loaded: Promise<MiniSearch<Findable>> | null = null;

/** Fetches the index. */
export function loadIndex(): Promise<MiniSearch<Findable>> {
  loaded ??= fetch(addressOf('data/search.json'))
    .then((response) => response.text())
    .then((text) => MiniSearch.loadJSON<Findable>(text, INDEX));
  return loaded;
}

/** The best parts for a query, at most `max`. */
export async function find(query: string, max: number): Promise<Found[]> {
  return rank(await loadIndex(), query, max);
}
