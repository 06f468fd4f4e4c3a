// SPDX-License-Identifier: GPL-2.0-only
/** The index that pages search: katas, guides and the names of the reference, part by part. */
import MiniSearch from 'minisearch';
import type { ApiName } from './api';
import type { Rendered } from './markdown';
import { type Findable, INDEX } from './search-options';

/** A page of prose, ready to be indexed. */
export interface ProsePage {
  readonly address: string;
  readonly title: string;
  readonly kind: 'kata' | 'guide';
  readonly sections: Rendered['sections'];
}

/** The index as JSON. */
export function searchIndex(pages: readonly ProsePage[], names: readonly ApiName[]): string {
  const index = new MiniSearch<Findable>(INDEX);
  const parts = [...pages.flatMap(partsOf), ...names.map(partOf)];
  index.addAll(parts.map((part, id) => ({ id, ...part })));
  return JSON.stringify(index);
}

function partsOf({ address, title, kind, sections }: ProsePage): Omit<Findable, 'id'>[] {
  return sections.map((section, i) => {
    const first = i === 0;
    return {
      address: first || section.id === '' ? address : `${address}#${section.id}`,
      page: title,
      title: first ? '' : section.title,
      words: section.words,
      kind,
    };
  });
}

function partOf({ address, name, words }: ApiName): Omit<Findable, 'id'> {
  return { address, page: name, title: '', words, kind: 'api' };
}
