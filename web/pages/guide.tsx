// SPDX-License-Identifier: GPL-2.0-only
/** A page of prose: the list of guides on the left, the text, and what is on the page on the right. */
import type { JSX } from 'preact';
import { rootOf } from './shell';
import type { GuideEntry, HeadingEntry, Text } from './types';

interface GuideProps {
  readonly address: string;
  readonly guides: readonly GuideEntry[];
  readonly text: Text;
}

export function Guide({ address, guides, text }: GuideProps): JSX.Element {
  const at = guides.findIndex((guide) => guide.address === address);
  return (
    <>
      <GuideList address={address} guides={guides} />
      <article class="prose">
        <div dangerouslySetInnerHTML={{ __html: text.html }} />
        <Neighbours address={address} before={guides[at - 1]} after={guides[at + 1]} />
      </article>
      <OnThisPage headings={text.headings} />
    </>
  );
}

function GuideList({ address, guides }: Omit<GuideProps, 'text'>): JSX.Element {
  const sections = [...new Set(guides.map(({ section }) => section))];
  const root = rootOf(address);
  return (
    <details class="guide-list" open>
      <summary>All guides</summary>
      <nav aria-label="Guides">
        {sections.map((section) => (
          <div key={section}>
            <p class="label">{section}</p>
            <ul>
              {guides
                .filter((guide) => guide.section === section)
                .map((guide) => (
                  <li key={guide.address}>
                    <a
                      href={root + guide.address}
                      aria-current={guide.address === address ? 'page' : undefined}
                    >
                      {guide.title}
                    </a>
                  </li>
                ))}
            </ul>
          </div>
        ))}
      </nav>
    </details>
  );
}

function OnThisPage({
  headings,
}: {
  readonly headings: readonly HeadingEntry[];
}): JSX.Element | null {
  const shown = headings.filter(({ depth }) => depth === 2 || depth === 3);
  if (shown.length < 3) return null;
  return (
    <nav class="on-this-page" aria-label="On this page">
      <p class="label">On this page</p>
      <ul>
        {shown.map(({ id, text, depth }) => (
          <li key={id} class={depth === 3 ? 'deeper' : ''}>
            <a href={`#${id}`}>{text}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

interface NeighbourProps {
  readonly address: string;
  readonly before: GuideEntry | undefined;
  readonly after: GuideEntry | undefined;
}

function Neighbours({ address, before, after }: NeighbourProps): JSX.Element {
  const root = rootOf(address);
  return (
    <nav class="neighbours" aria-label="Before and after">
      {before === undefined ? <span /> : <a href={root + before.address}>← {before.title}</a>}
      {after === undefined ? <span /> : <a href={root + after.address}>{after.title} →</a>}
    </nav>
  );
}
