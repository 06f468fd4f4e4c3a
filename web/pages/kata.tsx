// SPDX-License-Identifier: GPL-2.0-only
/** The page of a kata: its race, its story, its hints, the driver to mend, and what there is to read once it holds. */
import type { JSX } from 'preact';
import { RaceText } from './race-text';
import type { KataProps } from './types';

export function Kata(props: KataProps): JSX.Element {
  const { kata, story, hints, headline, report, driver } = props;
  return (
    <>
      <Head kata={kata} />
      <section id="race" aria-labelledby="race-title">
        <h2 id="race-title">The race</h2>
        <RaceText kata={kata.id} headline={headline} report={report} wide />
      </section>
      <section
        id="story"
        class="prose"
        aria-label="The story"
        dangerouslySetInnerHTML={{ __html: story.html }}
      />
      <section id="hints" class="prose" aria-labelledby="hints-title">
        <h2 id="hints-title">Hints</h2>
        {hints.map((html, i) => (
          <details key={i} class="hint" data-hint={i + 1}>
            <summary>Hint {i + 1}</summary>
            <div dangerouslySetInnerHTML={{ __html: html }} />
          </details>
        ))}
      </section>
      <Mend kata={kata} driver={driver} />
      <Neighbours {...props} />
    </>
  );
}

function Neighbours({ before, after }: Pick<KataProps, 'before' | 'after'>): JSX.Element {
  return (
    <nav class="neighbours" aria-label="Before and after">
      {before === undefined ? (
        <span />
      ) : (
        <a href={`../${before.id}/index.html`}>
          ← {before.id.slice(0, 2)} {before.title}
        </a>
      )}
      {after === undefined ? (
        <span />
      ) : (
        <a href={`../${after.id}/index.html`}>
          {after.id.slice(0, 2)} {after.title} →
        </a>
      )}
    </nav>
  );
}

function Head({ kata }: Pick<KataProps, 'kata'>): JSX.Element {
  return (
    <div class="kata-head">
      <p class="meta">
        <span>Kata {kata.id.slice(0, 2)}</span>
        <span class="standing" data-standing={kata.id} />
        <span class={`difficulty ${kata.difficulty}`}>{kata.difficulty}</span>
        <span>{kata.minutes} minutes</span>
        {kata.upstream === null ? null : (
          <span>
            Linux, {kata.upstream.year}, <a href={kata.upstream.link}>{kata.upstream.commit}</a>
          </span>
        )}
      </p>
      <h1>{kata.title}</h1>
      <p class="lead">{kata.blurb}</p>
      <nav class="parts" aria-label="On this page">
        <a href="#race">The race</a>
        <a href="#story">The story</a>
        <a href="#hints">Hints</a>
        <a href="#mend">Mend it</a>
        <a href="#compare">Compare</a>
        <a href="#answers">Answers</a>
      </nav>
    </div>
  );
}

function Mend({ kata, driver }: Pick<KataProps, 'kata' | 'driver'>): JSX.Element {
  const number = kata.id.slice(0, 2);
  return (
    <>
      <section id="mend" class="wide" aria-labelledby="mend-title">
        <h2 id="mend-title">Mend it</h2>
        <div id="workshop">
          <p class="buttons">
            <button type="button" id="edit" class="primary">
              Edit {kata.driver}
            </button>
          </p>
          <pre class="code driver" tabIndex={0}>
            <code dangerouslySetInnerHTML={{ __html: driver }} />
          </pre>
        </div>
        <p class="small">
          In a clone: <code>npx kata test {number}</code> judges{' '}
          <code>
            katas/{kata.id}/{kata.driver}
          </code>
          .
        </p>
      </section>
      <section id="compare" class="wide" aria-labelledby="compare-title">
        <h2 id="compare-title">Compare</h2>
        <div id="comparison">
          <p>
            Your driver beside the one as shipped. Once it holds, also beside the solution and every
            other answer, with what breaks the wrong ones.
          </p>
          <p class="buttons">
            <button type="button" id="compare-now">
              Compare
            </button>
          </p>
        </div>
      </section>
      <section id="answers" class="wide" aria-labelledby="answers-title">
        <h2 id="answers-title">Answers</h2>
        <div id="answers-text">
          <p>Why it holds, what upstream did, and other answers: here, once your driver holds.</p>
          <p class="buttons">
            <button type="button" class="quiet" id="answers-anyway">
              Show me now
            </button>
          </p>
        </div>
      </section>
    </>
  );
}
