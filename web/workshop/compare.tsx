// SPDX-License-Identifier: GPL-2.0-only
/** Your driver beside another one; and if that one fails, the interleaving that breaks it. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { count } from '../../tools/kata/print/words';
import type { Engine, ShortestFailure } from '../engine/protocol';
import { Player } from '../player/player';
import '../player/player.css';
import { newEngine } from './data';

/** A driver to compare with. */
export interface Other {
  /** `wrong/no-lock` */
  readonly key: string;
  /** What people call it. */
  readonly name: string;
  readonly text: string;
  /** A scenario it fails in; null if it holds. */
  readonly fails: string | null;
}

interface CompareProps {
  readonly kata: string;
  /** The driver in the editor. */
  readonly yours: string;
  readonly other: Other;
}

/** Shows both drivers, and what breaks the other one. */
export function Compare({ kata, yours, other }: CompareProps): JSX.Element {
  // One for all answers: a worker takes a second until it has loaded the library.
  const [engine] = useState(newEngine);
  useEffect(() => () => engine.cancel(), [engine]);
  return (
    <div class="compare">
      <Beside yours={yours} other={other} />
      {other.fails === null ? null : (
        <Breaks
          key={other.key}
          engine={engine}
          kata={kata}
          text={other.text}
          scenario={other.fails}
        />
      )}
    </div>
  );
}

/** As wide as two drivers beside each other need. */
const WIDE = matchMedia('(min-width: 60rem)');

function Beside({ yours, other }: Pick<CompareProps, 'yours' | 'other'>): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const [places, setPlaces] = useState<number | null>(null);
  const [folded, setFolded] = useState(true);
  const [wide, setWide] = useState(WIDE.matches);
  useEffect(() => {
    const turn = (): void => setWide(WIDE.matches);
    WIDE.addEventListener('change', turn);
    return () => WIDE.removeEventListener('change', turn);
  }, []);
  useEffect(() => {
    const parent = place.current;
    if (parent === null) return;
    const state = { gone: false, close: (): void => undefined };
    void import('./beside').then(({ openBeside }) => {
      if (state.gone) return;
      const left = { name: 'Your driver', text: yours };
      const right = { name: other.name, text: other.text };
      const beside = openBeside({ parent, left, right, wide, folded });
      state.close = beside.destroy;
      setPlaces(beside.places);
    });
    return () => {
      state.gone = true;
      state.close();
    };
  }, [yours, other.key, wide, folded]);
  return (
    <>
      <p class="sides">
        <span role="status">{placesText(places, wide)}</span>{' '}
        <label>
          <input
            type="checkbox"
            checked={folded}
            onChange={({ currentTarget }) => setFolded(currentTarget.checked)}
          />{' '}
          Fold what is the same
        </label>
      </p>
      <div class="beside" ref={place} />
    </>
  );
}

function placesText(places: number | null, wide: boolean): string {
  if (places === null) return 'Comparing ...';
  if (places === 0) return 'Both drivers are the same, letter by letter.';
  const differ = `${count(places, 'place')} ${places === 1 ? 'differs' : 'differ'}.`;
  return wide
    ? `${differ} Yours is on the left.`
    : `${differ} Red is in yours only, green in the other one only.`;
}

interface BreaksProps {
  readonly engine: Engine;
  readonly kata: string;
  readonly text: string;
  readonly scenario: string;
}

/** Looks for the shortest failure, and shows it. */
function Breaks({ engine, kata, text, scenario }: BreaksProps): JSX.Element {
  const [found, setFound] = useState<ShortestFailure | string>(
    'Looking for the shortest interleaving that breaks it ...',
  );
  useEffect(() => {
    let searching = true;
    const search = async (): Promise<ShortestFailure | string> => {
      await engine.ask('open', { kata, driver: text });
      const shortest = await engine.ask('shortest', { scenario, turns: [] });
      searching = false;
      return shortest ?? `No interleaving of ${scenario} breaks it.`;
    };
    search().then(setFound, (error: unknown) => {
      // Another driver was chosen: nobody reads this any more.
      if (error instanceof DOMException) return;
      setFound(error instanceof Error ? error.message : String(error));
    });
    // What nobody waits for any more is given up with its worker; one that has answered goes on to the next.
    return () => {
      if (searching) engine.cancel();
    };
  }, [engine, kata, text, scenario]);
  if (typeof found === 'string') return <p role="status">{found}</p>;
  return (
    <>
      <h4>
        What breaks it, in <code>{scenario}</code>
      </h4>
      <Player execution={found.execution} />
    </>
  );
}
