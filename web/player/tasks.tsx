// SPDX-License-Identifier: GPL-2.0-only
/** The CPUs: where each task is, what it does next, what it holds and whom it waits for. */
import type { ComponentChildren, JSX } from 'preact';
import { Badge } from './badge';
import type { Execution, ExecutionStanding, ExecutionTask } from './execution';
import { laneOf, placeText, standingsAt, waitText } from './view';

export interface TasksProps {
  readonly execution: Execution;
  readonly position: number;
  /** What stands below a task: the buttons of a scheduler. */
  readonly below?: (letter: string) => ComponentChildren;
}

export function Tasks({ execution, position, below }: TasksProps): JSX.Element {
  const standings = standingsAt(execution, position);
  return (
    <ul class="tasks" aria-label="CPUs">
      {execution.tasks.map((task) => {
        const standing = standings.find(({ letter }) => letter === task.letter);
        return (
          <li
            key={task.letter}
            class={`task lane${laneOf(execution, task.letter) % 8} ${standing?.state ?? 'unborn'}`}
          >
            <Task execution={execution} task={task} standing={standing} />
            {below?.(task.letter)}
          </li>
        );
      })}
    </ul>
  );
}

interface TaskProps {
  readonly execution: Execution;
  readonly task: ExecutionTask;
  readonly standing: ExecutionStanding | undefined;
}

const CONTEXTS = { process: '', workqueue: 'workqueue', softirq: 'softirq', hardirq: 'hardirq' };

function Task({ execution, task, standing }: TaskProps): JSX.Element {
  const [place] = standing?.stack ?? [];
  const context = CONTEXTS[task.context];
  const nested = (standing?.stack.length ?? 0) > 1;
  return (
    <>
      <p class="task-name">
        <Badge letter={task.letter} />
        <strong>CPU {task.cpu}</strong> {task.comm}
        {context !== '' && <span class="chip">{context}</span>}
      </p>
      <p class="task-state">{stateText(execution, standing)}</p>
      {place !== undefined &&
        (nested ? (
          <details class="stack">
            <summary>{placeText(place)}</summary>
            <ol>
              {standing?.stack.slice(1).map((frame, i) => (
                <li key={i}>{placeText(frame)}</li>
              ))}
            </ol>
          </details>
        ) : (
          <p class="stack">{placeText(place)}</p>
        ))}
      {standing !== undefined && standing.holds.length > 0 && (
        <p class="holds">
          {standing.holds.map((lock) => (
            <span class="chip" key={lock}>
              <span aria-hidden="true">🔒 </span>
              <span class="hidden">holds </span>
              {lock}
            </span>
          ))}
        </p>
      )}
    </>
  );
}

function stateText(execution: Execution, standing: ExecutionStanding | undefined): string {
  if (standing === undefined) return 'not started yet';
  switch (standing.state) {
    case 'ready':
      return `next: ${standing.next}`;
    case 'waits':
      return waitText(execution, standing);
    case 'ended':
      return 'has ended';
    case 'killed':
      return 'was killed by an oops';
  }
}
