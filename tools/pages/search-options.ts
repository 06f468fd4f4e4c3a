// SPDX-License-Identifier: GPL-2.0-only
/** How the site is searched: the options of the index, for the builder that writes it and the page that reads it. */
import type { Options, SearchOptions } from 'minisearch';

/** A part of a page that can be found. */
export interface Findable {
  readonly id: number;
  /** Relative to the site, with the anchor of the part. */
  readonly address: string;
  /** The page, or the name in the reference. */
  readonly page: string;
  /** The heading of the part; empty for the beginning of a page. */
  readonly title: string;
  readonly words: string;
  readonly kind: 'kata' | 'guide' | 'api';
}

export const INDEX: Options<Findable> = {
  fields: ['page', 'title', 'words'],
  storeFields: ['address', 'page', 'title', 'words', 'kind'],
};

/** Prose comes before names: a name is found by its own words, not by words that happen to stand in its comment. */
export const SEARCH: SearchOptions = {
  combineWith: 'AND',
  boost: { page: 3, title: 4 },
  prefix: (term, i, terms) => i === terms.length - 1 && term.length > 2,
  boostDocument: (_id, _term, stored) => (stored?.['kind'] === 'api' ? 0.25 : 1),
};
