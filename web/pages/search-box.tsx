// SPDX-License-Identifier: GPL-2.0-only
/** The field in the header of every page, and the page of results. */
import { render, type JSX } from 'preact';
import { told } from './page';
import type { Found } from './ranking';

const SHOWN = 8;
const SHOWN_ON_PAGE = 40;

/** Brings the field to life. The index is fetched when somebody goes into the field. */
export function offerSearch(): void {
  const input = document.querySelector<HTMLInputElement>('#search');
  const list = document.querySelector<HTMLElement>('#search-results');
  if (input === null || list === null) return;
  const module = (): Promise<typeof import('./search')> => import('./search');
  let asked = 0;
  const show = async (): Promise<void> => {
    const mine = ++asked;
    const query = input.value;
    const found = query.trim() === '' ? [] : await (await module()).find(query, SHOWN);
    if (mine !== asked) return;
    render(<Results query={query} found={found} />, list);
    list.hidden = query.trim() === '';
  };
  input.addEventListener('focus', () => void module().then(({ loadIndex }) => loadIndex()));
  input.addEventListener('input', () => void show());
  const close = (): void => {
    list.hidden = true;
  };
  document.addEventListener('click', ({ target }) => {
    if (target instanceof Node && input.form?.contains(target) !== true) close();
  });
  input.form?.addEventListener('keydown', (event) => {
    move(event, input, list, close);
  });
  document.addEventListener('keydown', (event) => toSearch(event, input), { capture: true });
  showPage(input, module);
}

/** Arrows go through the results, Escape closes them. */
function move(
  event: KeyboardEvent,
  input: HTMLInputElement,
  list: HTMLElement,
  close: () => void,
): void {
  const links = [input, ...list.querySelectorAll('a')];
  const at = links.findIndex((link) => link === document.activeElement);
  if (event.key === 'Escape') {
    close();
    input.focus();
  } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    event.preventDefault();
    links[(at + (event.key === 'ArrowDown' ? 1 : links.length - 1)) % links.length]?.focus();
  }
}

/** `/` and Ctrl+K go to the field, unless somebody is writing. */
function toSearch(event: KeyboardEvent, input: HTMLInputElement): void {
  const { key, target, ctrlKey, metaKey } = event;
  const writing =
    target instanceof HTMLElement &&
    target.closest('input, textarea, select, [contenteditable]') !== null;
  if ((key === 'k' && (ctrlKey || metaKey)) || (key === '/' && !writing && !ctrlKey && !metaKey)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    input.focus();
    input.select();
  }
}

/** The page of results shows what its address asks for. */
function showPage(input: HTMLInputElement, module: () => Promise<typeof import('./search')>): void {
  const page = document.getElementById('search-page');
  const query = new URLSearchParams(location.search).get('q') ?? '';
  if (page === null || query === '') return;
  input.value = query;
  void module()
    .then(({ find }) => find(query, SHOWN_ON_PAGE))
    .then((found) => {
      page.replaceChildren();
      render(<Results query={query} found={found} />, page);
    });
}

function Results({
  query,
  found,
}: {
  readonly query: string;
  readonly found: readonly Found[];
}): JSX.Element {
  if (found.length === 0) return <p class="nothing">Nothing for “{query}”.</p>;
  return (
    <ul>
      {found.map(({ address, page, title, kind, excerpt }) => (
        <li key={address}>
          <a href={told.root + address}>
            <span class="found-title">
              <span class={`found-kind ${kind}`}>{kind === 'api' ? 'API' : kind}</span> {page}
              {title === '' ? '' : ` › ${title}`}
            </span>
            <span class="found-words">{excerpt}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
