// SPDX-License-Identifier: GPL-2.0-only
/** The step that has just run: its call, what it read and wrote, and what it is ordered by. */
import type { JSX } from 'preact';
import { Badge } from './badge';
import type { Execution, ExecutionAccess, ExecutionStep } from './execution';
import { edgesAt, laneOf, nameOf, placeText, sentenceAt, stepAt } from './view';

export interface StepProps {
  readonly execution: Execution;
  readonly position: number;
}

export function Step({ execution, position }: StepProps): JSX.Element {
  const step = stepAt(execution, position);
  const lane = step === null ? '' : `lane${laneOf(execution, step.letter) % 8}`;
  return (
    <div class={`step ${lane}`}>
      <p class="sentence" role="status" aria-live="polite">
        {step !== null && <Badge letter={step.letter} />}
        <span>{sentenceAt(execution, position)}</span>
      </p>
      {step !== null && <Details execution={execution} position={position} step={step} />}
    </div>
  );
}

function Details({
  execution,
  position,
  step,
}: StepProps & { readonly step: ExecutionStep }): JSX.Element {
  const { result, reordered, accesses, stack } = step;
  const edges = edgesAt(execution, position);
  return (
    <details class="more">
      <summary>What this step did</summary>
      <dl>
        <dt>operation</dt>
        <dd>
          <code>
            {step.text}
            {result === null ? '' : ` = ${result}`}
          </code>
        </dd>
        {reordered !== null && (
          <>
            <dt>reordered</dt>
            <dd>{reordered}</dd>
          </>
        )}
        {stack.length > 0 && (
          <>
            <dt>called from</dt>
            <dd>{stack.map(placeText).join(' < ')}</dd>
          </>
        )}
        {accesses.length > 0 && (
          <>
            <dt>memory</dt>
            <dd>
              <ul>
                {merged(accesses).map((text) => (
                  <li key={text}>
                    <code>{text}</code>
                  </li>
                ))}
              </ul>
            </dd>
          </>
        )}
        {edges.map(({ from, to, name, kind }) => (
          <>
            <dt>{to === position ? 'comes after' : 'comes before'}</dt>
            <dd>
              step {to === position ? from : to} of{' '}
              {nameOf(execution, stepAt(execution, to === position ? from : to)?.letter ?? '')}:{' '}
              <code>{name}</code>
              {kind === 'wakes' ? ' (it only lets it continue)' : ''}
            </dd>
          </>
        ))}
      </dl>
    </details>
  );
}

const ACCESSES_MAX = 12;

/** The accesses as text, each once, the first dozen. */
function merged(accesses: readonly ExecutionAccess[]): string[] {
  const texts = accesses.map(
    ({ what, write, value }) =>
      `${write ? 'writes' : 'reads'} ${what}${value === null ? '' : ` = ${value}`}`,
  );
  const each = [...new Set(texts)];
  const more = each.length - ACCESSES_MAX;
  return more > 0 ? [...each.slice(0, ACCESSES_MAX), `and ${more} more`] : each;
}
