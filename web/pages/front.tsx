// SPDX-License-Identifier: GPL-2.0-only
/** The front page: one race that plays, the way to break it, the two commands. */
import type { JSX } from 'preact';
import { RaceText } from './race-text';
import type { FrontProps } from './types';

export function Front({ katas, shown, headline, report }: FrontProps): JSX.Element {
  const page = `katas/${shown.id}/index.html`;
  return (
    <>
      <div class="hero">
        <h1>Real races of the Linux kernel, to break and to mend</h1>
        <p class="lead">
          You see the race as the kernel would report it. You mend one file that reads like the
          driver. Then you learn whether it holds <strong>in every interleaving</strong>, not in
          those a stress test happened to try.
        </p>
        <p class="buttons">
          <a class="button primary" href={`${page}#race`}>
            Break it
          </a>
          <a class="button" href="katas/00-lost-update/index.html">
            Begin with the first kata
          </a>
        </p>
      </div>
      <section id="race" class="wide" aria-labelledby="race-title">
        <h2 id="race-title">{shown.title}</h2>
        <p>{shown.blurb}</p>
        <RaceText kata={shown.id} headline={headline} report={report} />
      </section>
      <Three count={katas.length} />
    </>
  );
}

function Three({ count }: { readonly count: number }): JSX.Element {
  return (
    <section class="three" aria-label="What there is">
      <div>
        <h2>In this browser</h2>
        <p>
          {count} <a href="katas/index.html">katas</a>, each with its race, its story, hints, and
          the driver to edit. Nothing to install; the exploration runs on your machine.
        </p>
      </div>
      <div>
        <h2>In a clone</h2>
        <pre class="code" tabIndex={0}>
          <code>npm ci &amp;&amp; npx kata</code>
        </pre>
        <p>shows the first kata that fails and the file to edit.</p>
        <pre class="code" tabIndex={0}>
          <code>npx kata test 01</code>
        </pre>
        <p>judges your driver, and prints the shortest interleaving that breaks it.</p>
      </div>
      <div>
        <h2>To read</h2>
        <ul>
          <li>
            <a href="guides/first-kata.html">Your first kata in ten minutes</a>
          </li>
          <li>
            <a href="guides/rosetta.html">C to TypeScript</a>
          </li>
          <li>
            <a href="guides/reports.html">Reading reports</a>
          </li>
          <li>
            <a href="guides/memory-ordering.html">Memory ordering and RCU</a>
          </li>
          <li>
            <a href="api/index.html">The simulated kernel: API reference</a>
          </li>
        </ul>
      </div>
    </section>
  );
}
