// SPDX-License-Identifier: GPL-2.0-only
/** The list of all katas, and the page that says how far the reader is. */
import type { JSX } from 'preact';
import type { KataEntry } from './types';

/** All katas, in learning order. The browser adds how each of them stands. */
export function Syllabus({ katas }: { readonly katas: readonly KataEntry[] }): JSX.Element {
  const minutes = katas.reduce((sum, kata) => sum + kata.minutes, 0);
  return (
    <>
      <h1>Katas</h1>
      <p class="lead">
        {katas.length} races from Linux, about {Math.round(minutes / 60)} hours of work, in learning
        order. You may begin anywhere.
      </p>
      <ol class="katas">
        {katas.map((kata) => (
          <KataRow key={kata.id} kata={kata} />
        ))}
      </ol>
    </>
  );
}

function KataRow({ kata }: { readonly kata: KataEntry }): JSX.Element {
  const { id, title, blurb, difficulty, minutes, concepts, upstream } = kata;
  return (
    <li data-kata={id}>
      <a class="kata-link" href={`${id}/index.html`}>
        <span class="number">{id.slice(0, 2)}</span>
        <span class="kata-title">{title}</span>
      </a>
      <p>{blurb}</p>
      <p class="meta">
        <span class="standing" data-standing={id} />
        <span class={`difficulty ${difficulty}`}>{difficulty}</span>
        <span>{minutes} minutes</span>
        {upstream === null ? null : (
          <span>
            Linux, {upstream.year}, <a href={upstream.link}>{upstream.commit}</a>
          </span>
        )}
      </p>
      <p class="concepts">{concepts.join(' · ')}</p>
    </li>
  );
}

/** How all katas stand in this browser; the browser fills it in. */
export function Progress({ katas }: { readonly katas: readonly KataEntry[] }): JSX.Element {
  return (
    <>
      <h1>Progress</h1>
      <p class="lead" id="progress-sum">
        What you have done here is kept in this browser.
      </p>
      <p>
        The file below is the one that <code>npx kata</code> keeps: put it into a clone as{' '}
        <code>.kata/state.txt</code>, or bring yours here.
      </p>
      <p class="buttons">
        <button type="button" id="state-export">
          Export state.txt
        </button>
        <label class="button" for="state-import">
          Import state.txt
        </label>
        <input type="file" id="state-import" class="hidden" accept=".txt,text/plain" />
        <button type="button" class="quiet" id="state-forget">
          Forget everything
        </button>
      </p>
      <p id="state-told" role="status" />
      <div class="table" tabIndex={0} role="group" aria-label="All katas">
        <table class="progress">
          <thead>
            <tr>
              <th>kata</th>
              <th>stands</th>
              <th>hints read</th>
              <th>edited here</th>
            </tr>
          </thead>
          <tbody>
            {katas.map(({ id, title }) => (
              <tr key={id}>
                <td>
                  <a href={`katas/${id}/index.html`}>
                    {id.slice(0, 2)} {title}
                  </a>
                </td>
                <td class="standing" data-standing={id} />
                <td data-hints={id} />
                <td data-edited={id} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
