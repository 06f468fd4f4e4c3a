// SPDX-License-Identifier: GPL-2.0-only
/** Ranks parts of pages: prose that has the words as a phrase first, then prose, then names. */
import type MiniSearch from 'minisearch';
import { type Findable, SEARCH } from '../../tools/pages/search-options';

export interface Found {
  readonly address: string;
  readonly page: string;
  readonly title: string;
  readonly kind: Findable['kind'];
  /** A few words around the first match. */
  readonly excerpt: string;
}

/** The best parts for a query, at most `max`, and at most three of one page. */
export function rank(index: MiniSearch<Findable>, query: string, max: number): Found[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return [];
  let results = index.search(wanted, SEARCH);
  // No part has all the words: prose that has some is better than nothing, names that have some are not.
  if (results.length === 0) {
    const some = index.search(wanted, { ...SEARCH, combineWith: 'OR' });
    results = some.filter((result) => result['kind'] !== 'api');
  }
  const ranked = results
    .map((result) => {
      const part = result as unknown as Findable; // INDEX stores all of it
      return { part, score: result.score * weightOf(part, wanted) };
    })
    .sort((a, b) => b.score - a.score);
  const pages = new Map<string, number>();
  const kept = ranked.filter(({ part: { page } }) => {
    const before = pages.get(page) ?? 0;
    pages.set(page, before + 1);
    return before < 3;
  });
  return kept
    .slice(0, max)
    .map(({ part }) => ({ ...part, excerpt: excerptOf(part.words, wanted) }));
}

/** A name that is meant letter by letter comes first; a phrase that stands there as it was typed counts for more. */
function weightOf({ kind, page, title, words }: Findable, wanted: string): number {
  if (kind === 'api') return page.toLowerCase() === wanted ? 100 : 1;
  const plain = (text: string): string =>
    ` ${text.toLowerCase().replace(/[^\p{L}\p{N}_]+/gu, ' ')} `;
  const phrase = plain(wanted).trim();
  if (plain(`${page} ${title}`).includes(` ${phrase} `)) return 6;
  return plain(words).includes(` ${phrase} `) ? 4 : 1;
}

const AROUND = 70;

function excerptOf(words: string, wanted: string): string {
  const lower = words.toLowerCase();
  const terms = [wanted, ...wanted.split(/\s+/)];
  const at = Math.max(0, ...terms.slice(0, 1).map((term) => lower.indexOf(term)));
  const first = at > 0 ? at : Math.max(0, lower.indexOf(terms[1] ?? ''));
  const from = Math.max(0, first - AROUND);
  const to = Math.min(words.length, first + 2 * AROUND);
  const cut = words.slice(from, to);
  return `${from > 0 ? '… ' : ''}${cut}${to < words.length ? ' …' : ''}`;
}
