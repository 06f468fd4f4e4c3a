// SPDX-License-Identifier: GPL-2.0-only
/** What there is to read once a driver holds: why it does, what upstream did, other answers that hold, and some that do not. */
import { render, type JSX } from 'preact';
import { siteFile } from './page';
import type { AnswerEntry, Answers } from './types';

/** Puts the answers into the page. */
export async function showAnswers(id: string, place: HTMLElement): Promise<void> {
  const answers = await siteFile<Answers>(`katas/${id}/answers.json`);
  place.replaceChildren();
  render(<AllAnswers answers={answers} />, place);
}

function AllAnswers({
  answers: { why, solution, answers },
}: {
  readonly answers: Answers;
}): JSX.Element {
  const right = answers.filter(({ kind }) => kind === 'right');
  const wrong = answers.filter(({ kind }) => kind === 'wrong');
  return (
    <>
      <div class="prose" dangerouslySetInnerHTML={{ __html: why }} />
      <details class="answer">
        <summary>The solution</summary>
        <Driver text={solution} />
      </details>
      <h3>Other answers that hold</h3>
      {right.map((answer) => (
        <One key={answer.name} answer={answer} />
      ))}
      <h3>Answers that do not</h3>
      {wrong.map((answer) => (
        <One key={answer.name} answer={answer} />
      ))}
    </>
  );
}

function One({
  answer: { name, subject, why, fails, text },
}: {
  readonly answer: AnswerEntry;
}): JSX.Element {
  return (
    <details class="answer">
      <summary>{subject}</summary>
      <div class="prose" dangerouslySetInnerHTML={{ __html: why }} />
      {fails.length === 0 ? null : (
        <p class="small">
          Fails in <code>{fails.join(', ')}</code>.
        </p>
      )}
      <details>
        <summary class="small">
          The whole driver, <code>{name}</code>
        </summary>
        <Driver text={text} />
      </details>
    </details>
  );
}

function Driver({ text }: { readonly text: string }): JSX.Element {
  return (
    <pre class="code driver" tabIndex={0}>
      <code>{text}</code>
    </pre>
  );
}
