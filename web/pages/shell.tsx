// SPDX-License-Identifier: GPL-2.0-only
/** What all pages have: the head, the header with the search, the footer. */
import type { ComponentChildren, JSX } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Frame, PageData } from './types';

/** The way from an address to the root of the site. */
export function rootOf(address: string): string {
  return '../'.repeat(address.split('/').length - 1) || './';
}

const LINKS: readonly (readonly [string, string])[] = [
  ['Katas', 'katas/index.html'],
  ['Guides', 'guides/first-kata.html'],
  ['API', 'api/index.html'],
  ['Progress', 'progress.html'],
];

/** The header, which the pages of the API reference have, too. */
export function Header({
  root,
  address,
}: {
  readonly root: string;
  readonly address: string;
}): JSX.Element {
  const [folder] = address.split('/');
  return (
    <header class="site-header">
      <a class="brand" href={`${root}index.html`}>
        <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
          <path d="M5 3v7c0 4 14 4 14 8v3" class="lane-a" />
          <path d="M19 3v7c0 4-14 4-14 8v3" class="lane-b" />
        </svg>
        <span>Kernel race katas</span>
      </a>
      <nav aria-label="Site">
        {LINKS.map(([name, to]) => (
          <a
            key={to}
            href={root + to}
            aria-current={
              to === address ? 'page' : to.split('/')[0] === folder ? 'true' : undefined
            }
          >
            {name}
          </a>
        ))}
      </nav>
      <form class="search" role="search" action={`${root}search.html`}>
        <label class="hidden" for="search">
          Search
        </label>
        <input
          id="search"
          name="q"
          type="search"
          placeholder="Search katas, guides, API"
          autocomplete="off"
        />
        <div id="search-results" class="search-results" hidden />
      </form>
      <button id="theme" class="quiet" type="button" aria-label="Switch between light and dark">
        <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
          <circle cx="12" cy="12" r="9" fill="none" stroke="currentColor" stroke-width="2" />
          <path d="M12 3a9 9 0 0 1 0 18z" fill="currentColor" />
        </svg>
      </button>
    </header>
  );
}

export function Footer({ root }: { readonly root: string }): JSX.Element {
  return (
    <footer class="site-footer">
      <p>
        Kernel race katas, under the <a href={`${root}guides/licenses/index.html`}>GPL-2.0-only</a>,
        like the drivers they derive from, with{' '}
        <a href={`${root}assets/licences.txt`}>libraries of others</a>. What you write stays in this
        browser.
      </p>
    </footer>
  );
}

/** Runs before the first paint, so that nobody is dazzled. */
const THEME = `try{const t=localStorage.getItem('tsd-theme');if(t==='light'||t==='dark')document.documentElement.dataset.theme=t}catch{}`;

interface PageProps {
  readonly frame: Frame;
  readonly data: Omit<PageData, 'root'>;
  readonly main: string;
  readonly children: ComponentChildren;
}

/** A whole page. */
export function page({ frame, data, main, children }: PageProps): string {
  const { address, title, description, assets } = frame;
  const root = rootOf(address);
  const told: PageData = { root, ...data };
  const html = renderToString(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <meta name="description" content={description} />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href={`${root}icon.svg`} type="image/svg+xml" />
        <script dangerouslySetInnerHTML={{ __html: THEME }} />
        {assets.styles.map((file) => (
          <link key={file} rel="stylesheet" href={root + file} />
        ))}
        {assets.preload.map((file) => (
          <link key={file} rel="modulepreload" href={root + file} />
        ))}
        {(assets.data ?? []).map((file) => (
          <link key={file} rel="preload" as="fetch" crossorigin="anonymous" href={root + file} />
        ))}
        <script type="module" src={root + assets.script} />
      </head>
      <body data-page={JSON.stringify(told)}>
        <a class="skip" href="#main">
          Skip to the text
        </a>
        <Header root={root} address={address} />
        <main id="main" class={main}>
          {children}
        </main>
        <Footer root={root} />
      </body>
    </html>,
  );
  return `<!doctype html>\n${html}\n`;
}
