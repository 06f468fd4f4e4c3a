// SPDX-License-Identifier: GPL-2.0-only
/** What there is to read once a driver holds: why it does, what upstream did, other answers that hold, and some that do not. */
import { render, type JSX } from 'preact';
import { siteFile } from './page';
import type { AnswerEntry, Answers } from './types';

/** Shows one answer beside the learner's driver: `solution`, `wrong/no-lock`. */
type ShowBeside = (key: string) => void;

/** Puts the answers into the page. */
export async function showAnswers(
  id: string,
  place: HTMLElement,
  beside: ShowBeside,
): Promise<Answers> {
  const answers = await siteFile<Answers>(`katas/${id}/answers.json`);
  place.replaceChildren();
  render(<AllAnswers answers={answers} beside={beside} />, place);
  return answers;
}

function AllAnswers({
  answers: { why, solution, answers },
  beside,
}: {
  readonly answers: Answers;
  readonly beside: ShowBeside;
}): JSX.Element {
  const right = answers.filter(({ kind }) => kind === 'right');
  const wrong = answers.filter(({ kind }) => kind === 'wrong');
  return (
    <>
      <div class="prose" dangerouslySetInnerHTML={{ __html: why }} />
      <details class="answer">
        <summary>The solution</summary>
        <BesideMine answer="solution" beside={beside} />
        <Driver text={solution} />
      </details>
      <h3>Other answers that hold</h3>
      {right.map((answer) => (
        <One key={answer.name} answer={answer} beside={beside} />
      ))}
      <h3>Answers that do not</h3>
      {wrong.map((answer) => (
        <One key={answer.name} answer={answer} beside={beside} />
      ))}
    </>
  );
}

function One({
  answer: { kind, name, subject, why, fails, text },
  beside,
}: {
  readonly answer: AnswerEntry;
  readonly beside: ShowBeside;
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
      <BesideMine answer={`${kind}/${name}`} beside={beside} />
      <details>
        <summary class="small">
          The whole driver, <code>{name}</code>
        </summary>
        <Driver text={text} />
      </details>
    </details>
  );
}

function BesideMine({
  answer,
  beside,
}: {
  readonly answer: string;
  readonly beside: ShowBeside;
}): JSX.Element {
  return (
    <p class="buttons">
      <button type="button" class="quiet" onClick={() => beside(answer)}>
        Beside mine
      </button>
    </p>
  );
}

function Driver({ text }: { readonly text: string }): JSX.Element {
  return (
    <pre class="code driver" tabIndex={0}>
      <code>{text}</code>
    </pre>
  );
}
