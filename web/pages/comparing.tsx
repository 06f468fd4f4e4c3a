// SPDX-License-Identifier: GPL-2.0-only
/** Chooses what the learner's driver is compared with: the port, and once the answers are shown the solution and every answer. */
import { render, type JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { failingScenarios } from '../../lib/kata/failing';
import type { KataData } from '../engine/suites';
import { Compare, type Other } from '../workshop/compare';
import { siteFile } from './page';
import { editedDriver } from './store';
import type { AnswerEntry, Answers } from './types';

/** What somebody has asked for elsewhere on the page; a new object each time. */
export interface Chosen {
  /** `port`, `solution`, `wrong/no-lock` */
  readonly key: string;
}

/** Shows the comparison; `answers` are null as long as they would give something away. */
export async function showComparison(
  kata: string,
  place: HTMLElement,
  { answers, chosen }: { readonly answers: Answers | null; readonly chosen: Chosen },
): Promise<void> {
  const data = await siteFile<KataData>(`katas/${kata}/engine.json`);
  if (place.dataset['open'] === undefined) place.replaceChildren();
  place.dataset['open'] = '';
  render(<Comparing data={data} answers={answers} chosen={chosen} />, place);
}

interface ComparingProps {
  readonly data: KataData;
  readonly answers: Answers | null;
  readonly chosen: Chosen;
}

interface Group {
  readonly label: string;
  readonly others: readonly Other[];
}

function Comparing({ data, answers, chosen }: ComparingProps): JSX.Element {
  const [key, setKey] = useState(chosen.key);
  useEffect(() => setKey(chosen.key), [chosen]);
  const yours = useDriver(data);
  const groups = groupsOf(data, answers);
  const others = groups.flatMap((group) => group.others);
  const other = others.find((one) => one.key === key) ?? others[0];
  return (
    <>
      <p class="buttons">
        <label>
          Yours beside{' '}
          <select value={other?.key} onChange={({ currentTarget }) => setKey(currentTarget.value)}>
            {groups.map(({ label, others: some }) => (
              <optgroup key={label} label={label}>
                {some.map((one) => (
                  <option key={one.key} value={one.key}>
                    {one.name}
                  </option>
                ))}
              </optgroup>
            ))}
          </select>
        </label>
      </p>
      {other === undefined ? null : <Compare kata={data.manifest.id} yours={yours} other={other} />}
    </>
  );
}

/** The driver as it stands in the editor, a moment after it was changed. */
function useDriver({ manifest, source }: KataData): string {
  const now = (): string => editedDriver(manifest.id) ?? source;
  const [driver, setDriver] = useState(now);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const changed = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => setDriver(now()), 400);
    };
    document.addEventListener('kata:edited', changed);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('kata:edited', changed);
    };
  }, [manifest.id, source]);
  return driver;
}

function groupsOf({ manifest, source }: KataData, answers: Answers | null): readonly Group[] {
  const [failing = null] = failingScenarios(manifest);
  const port = {
    key: 'port',
    name: 'the driver as shipped',
    text: source,
    fails: failing,
  };
  if (answers === null) return [{ label: 'The kata', others: [port] }];
  const solution = { key: 'solution', name: 'the solution', text: answers.solution, fails: null };
  const of = (wanted: AnswerEntry['kind']): readonly Other[] =>
    answers.answers
      .filter(({ kind }) => kind === wanted)
      .map(({ kind, name, subject, text, fails }) => {
        return { key: `${kind}/${name}`, name: subject, text, fails: fails[0] ?? null };
      });
  return [
    { label: 'The kata', others: [port, solution] },
    { label: 'Other answers that hold', others: of('right') },
    { label: 'Answers that do not', others: of('wrong') },
  ];
}
