// SPDX-License-Identifier: GPL-2.0-only
/** Shows the race of a kata in the player, in place of its report; and lets one be the scheduler oneself. */
import { render, type JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Race } from '../../tools/pages/failures';
import { type Linked, linkedIn, linkOf } from '../play/link';
import type { PlayOptions } from '../play/play';
import { Player } from '../player/player';
import '../player/player.css';
import { packedFile } from './page';
import { editedDriver } from './store';

/** Puts the player where the page has a place for it. */
export async function showRace(): Promise<void> {
  const place = document.getElementById('player');
  const kata = place?.dataset['kata'];
  if (place === null || kata === undefined) return;
  const linked = await linkedIn(location.hash);
  const options = linked === null ? null : await playOptions(kata, linked);
  const { execution } = await packedFile<Race>(`katas/${kata}/race.json.gz`);
  place.replaceChildren();
  render(<RaceOf kata={kata} execution={execution} first={options} />, place);
  if (options !== null) place.scrollIntoView();
}

type Module = typeof import('../play/scheduler');

/** The scheduler and the engine are loaded when somebody plays. */
async function playOptions(
  kata: string,
  linked: Linked | null,
): Promise<PlayOptions & { readonly Scheduler: Module['Scheduler'] }> {
  const [{ Scheduler }, { newEngine }] = await Promise.all([
    import('../play/scheduler'),
    import('../workshop/data'),
  ]);
  const driver = linked === null ? editedDriver(kata) : linked.driver;
  return {
    Scheduler,
    kata,
    driver,
    engine: newEngine(),
    searcher: newEngine(),
    from: linked,
    moved: (scenario, turns) => {
      void linkOf({ scenario, turns, driver }).then((link) => {
        history.replaceState(null, '', `#${link}`);
      });
    },
  };
}

interface RaceProps extends Pick<Race, 'execution'> {
  readonly kata: string;
  /** A game that the address of the page holds. */
  readonly first: Awaited<ReturnType<typeof playOptions>> | null;
}

function RaceOf({ kata, execution, first }: RaceProps): JSX.Element {
  const [playing, setPlaying] = useState(first);
  const [open, setOpen] = useState(first !== null);
  const play = async (): Promise<void> => {
    setOpen(true);
    if (playing === null) setPlaying(await playOptions(kata, null));
  };
  return (
    <>
      <p class="buttons" role="group" aria-label="What to see">
        <button
          type="button"
          aria-pressed={!open}
          onClick={() => {
            setOpen(false);
          }}
        >
          Watch the failure
        </button>
        <button type="button" aria-pressed={open} onClick={() => void play()}>
          Be the scheduler
        </button>
      </p>
      {open && playing !== null ? <playing.Scheduler {...playing} /> : null}
      {open && playing === null ? <p role="status">Loading the engine ...</p> : null}
      {open ? null : <Player execution={execution} />}
    </>
  );
}
