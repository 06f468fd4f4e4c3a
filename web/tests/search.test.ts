// SPDX-License-Identifier: GPL-2.0-only
/** What the search of the site finds: prose for what people type, names for names. */
import fs from 'node:fs';
import path from 'node:path';
import MiniSearch from 'minisearch';
import { type Findable, INDEX } from '../../tools/pages/search-options';
import { type Found, rank } from '../pages/ranking';
import { builtSite } from '../testing/built';

let index: MiniSearch<Findable>;

beforeAll(async () => {
  const text = fs.readFileSync(path.join(await builtSite(), 'data', 'search.json'), 'utf8');
  index = MiniSearch.loadJSON<Findable>(text, INDEX);
}, 600_000);

const find = (query: string, max: number): Found[] => rank(index, query, max);

it.each(['use after free', 'grace period', 'KASAN', 'lost update', 'memory ordering'])(
  'finds guides and katas for: %s',
  (query) => {
    const found = find(query, 6);
    expect(found.length).toBeGreaterThanOrEqual(3);
    expect(found.map(({ kind }) => kind)).not.toContain('api');
  },
);

it.each([
  ['use after free', /^katas\//],
  ['grace period', /^(katas\/1[256]|guides\/memory-ordering)/],
  ['KASAN', /^guides\/reports\.html/],
])('finds for %s among the first: %s', (query, wanted) => {
  const addresses = find(query, 5).map(({ address }) => address);
  expect(addresses.some((address) => wanted.test(address))).toBe(true);
});

it.each(['spin_lock', 'kref_get_unless_zero', 'smp_mb'])('finds the name first: %s', (name) => {
  const [first] = find(name, 3);
  expect(first).toMatchObject({ kind: 'api', page: name });
});

it('guesses no names', () => {
  const found = find('kref_gte_unless', 5);
  expect(found.map(({ kind }) => kind)).not.toContain('api');
});
