// SPDX-License-Identifier: GPL-2.0-only
/** Be the scheduler: click a CPU to let it take a step. The page says at once when something breaks, and how short it could have been. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { LookTask } from '../../lib/kata/look';
import { compared } from '../../tools/kata/break/comparison';
import { Player } from '../player/player';
import { type Game, Play, type PlayOptions } from './play';

/** Shows a game, from its beginning or from where a link left it. */
export function Scheduler(props: PlayOptions): JSX.Element {
  const [game, setGame] = useState<Game | null>(null);
  const [problem, setProblem] = useState('');
  const play = useMemo(() => new Play(props, setGame), [props.kata, props.driver]);
  useEffect(() => {
    play.begin().catch((error: unknown) => {
      setProblem(error instanceof Error ? error.message : String(error));
    });
    return () => {
      play.end();
    };
  }, [play]);
  if (problem !== '') return <p role="alert">{problem}</p>;
  if (game === null) return <p role="status">Loading the engine ...</p>;
  return <Table game={game} play={play} />;
}

interface TableProps {
  readonly game: Game;
  readonly play: Play;
}

function Table({ game, play }: TableProps): JSX.Element {
  const { standing, showing } = game;
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLSelectElement) return;
    if (keyPressed(event.key, game, play)) event.preventDefault();
  };
  return (
    <section class="scheduler" aria-label="Be the scheduler" onKeyDown={onKey}>
      <Choice game={game} play={play} />
      <Buttons game={game} play={play} />
      <Outcome game={game} />
      {showing === 'shortest' && typeof game.shortest === 'object' && game.shortest !== null ? (
        <Player key="shortest" execution={game.shortest.execution} />
      ) : (
        <Player
          key="mine"
          execution={standing.execution}
          live
          belowTask={(letter) => <Steps letter={letter} game={game} play={play} />}
        />
      )}
      <p class="keys">
        Keys: a CPU's number lets it step, <kbd>u</kbd> takes a step back for good, <kbd>s</kbd>{' '}
        shows the shortest way.
      </p>
    </section>
  );
}

function Choice({ game, play }: TableProps): JSX.Element {
  const { opened, scenario, standing } = game;
  const count = standing.tasks.length;
  return (
    <div class="game">
      <p>
        You are the scheduler of {count} {count === 1 ? 'CPU' : 'CPUs'}. Find an order in which it
        goes wrong.
      </p>
      <label>
        Scenario{' '}
        <select
          value={scenario}
          onChange={(event) => {
            play.choose(event.currentTarget.value);
          }}
        >
          {opened.scenarios.map(({ id, title, shipped }) => (
            <option key={id} value={id}>
              {title}
              {shipped === 'passes' ? ' (passes as shipped)' : ''}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

function Buttons({ game, play }: TableProps): JSX.Element {
  const { turns, showing, shortest } = game;
  const [copied, setCopied] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(location.href);
      setCopied('The link is copied: it holds this game.');
    } catch {
      setCopied("The page's address holds this game: copy it from there.");
    }
  };
  return (
    <div class="buttons" role="group" aria-label="Game">
      <button type="button" title="u" disabled={turns.length === 0} onClick={() => play.undo()}>
        Undo
      </button>
      <button type="button" disabled={turns.length === 0} onClick={() => play.reset()}>
        Begin again
      </button>
      {showing === 'shortest' ? (
        <button type="button" onClick={() => play.show('mine')}>
          Back to mine
        </button>
      ) : (
        <button
          type="button"
          title="s"
          disabled={shortest === 'searching'}
          onClick={() => play.showShortest()}
        >
          Show me
        </button>
      )}
      <button type="button" onClick={() => void copy()}>
        Copy a link
      </button>
      <span role="status">{copied}</span>
    </div>
  );
}

/** What has been reached, said at once. */
function Outcome({ game }: { readonly game: Game }): JSX.Element {
  const { message } = game;
  const lines = [...outcomeLines(game), ...(message === '' ? [] : [message])];
  const found = game.standing.execution.finding !== null;
  return (
    <div class={`outcome ${found ? 'found' : ''}`} role="status" aria-live="polite">
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
}

function outcomeLines({ standing, shortest }: Game): string[] {
  const { execution, failing, over, cut } = standing;
  const { finding } = execution;
  if (finding !== null) {
    const broke = `You broke it: ${finding.headline}`;
    if (shortest === 'searching') return [broke, 'Looking for the shortest way there ...'];
    if (shortest === null || shortest === 'none') return [broke];
    return [broke, ...compared({ headline: finding.headline, failing }, shortest)];
  }
  if (shortest === 'searching') return ['Looking for the shortest failure ...'];
  if (shortest === 'none') return ['No interleaving of this scenario fails.'];
  if (cut) return ['The execution is cut off here: it has come to the step bound.'];
  if (over) {
    return [
      'Every task has ended, and nothing was found: this order is harmless. Undo, and try another.',
    ];
  }
  return [];
}

interface StepsProps extends TableProps {
  readonly letter: string;
}

/** The buttons of a CPU: one step, or one for each way the step may go. */
function Steps({ letter, game, play }: StepsProps): JSX.Element | null {
  const task = game.standing.tasks.find((one) => one.letter === letter);
  if (task === undefined) return null;
  const { id, choices, next } = task;
  const off = whyNot(task);
  if (off !== '') return <p class="cpu-off">{off}</p>;
  if (choices.length === 0) {
    return (
      <StepButton click={() => play.step(letter, 0)}>
        Step CPU {id} <kbd>{id}</kbd>
      </StepButton>
    );
  }
  return (
    <div class="choices" role="group" aria-label={`Ways of ${next}`}>
      {choices.map(({ outcome, text }) => (
        <StepButton key={outcome} click={() => play.step(letter, outcome)}>
          CPU {id}: {text}
        </StepButton>
      ))}
    </div>
  );
}

function StepButton({
  click,
  children,
}: {
  readonly click: () => void;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <button type="button" class="cpu-button" onClick={click}>
      {children}
    </button>
  );
}

function whyNot({ state }: LookTask): string {
  switch (state) {
    case 'ready':
      return '';
    case 'waits':
      return 'cannot step: it waits';
    case 'ended':
    case 'killed':
      return 'no more steps';
  }
}

/** Does what a key asks for; returns whether it asked for something. */
function keyPressed(key: string, { standing }: Game, play: Play): boolean {
  const task = standing.tasks.find(({ id }) => String(id) === key);
  if (task !== undefined) {
    if (task.state === 'ready' && task.choices.length === 0) play.step(task.letter, 0);
    return true;
  }
  if (key === 'u' || key === 'Backspace') play.undo();
  else if (key === 's') play.showShortest();
  else return false;
  return true;
}
