// SPDX-License-Identifier: GPL-2.0-only
/**
 * A trace as a mermaid sequence diagram, as GitHub and most documentation tools draw it: a lifeline for each CPU and for what
 * the CPUs share, the window of the race shaded, the bad access crossed.
 */
import { participantsOf } from '../participants';
import { type Row, Weight } from '../rows';
import { Gap, select, stepsOf } from '../select';
import { told, type Traced } from './traced';

/** More arrows are hard to follow, and mermaid draws no text longer than its maxTextSize. */
const MESSAGES_MAX = 60;
const TEXT_MAX = 50_000;
const MESSAGE_MAX = 120;
/** A page has no room for more lifelines of shared objects. */
const SHARED_MAX = 4;

/** The diagram as text that ends in a newline. */
export function mermaidTrace(traced: Traced): string {
  const { rows, headline } = told(traced);
  const steps = rows.filter(({ weight }) => weight !== Weight.Entry);
  for (let max = MESSAGES_MAX; ; max = Math.floor(max * 0.8)) {
    const messages = messagesOf(steps, max);
    const text = `${diagram(traced, messages, headline).join('\n')}\n`;
    if ((messages.length <= MESSAGES_MAX && text.length < TEXT_MAX) || max === 0) return text;
  }
}

/** Removes what mermaid would take for the end of a statement, an entity or a comment. */
export function escapeMermaid(text: string): string {
  const plain = text.replace(/\s+/g, ' ').trim();
  const short = plain.length > MESSAGE_MAX ? `${plain.slice(0, MESSAGE_MAX - 3)}...` : plain;
  return short.replace(/[#;%]/g, (character) => `#${character.charCodeAt(0)};`);
}

/** The lifeline of the final check. */
const CHECK = 'check';

/** One arrow: a row, or several rows of one task that are folded into one. */
interface Message {
  readonly letter: string;
  readonly text: string;
  /** The whole object it is about: an embedded member counts as its container. */
  readonly object: string;
  readonly marked: boolean;
  readonly waits: boolean;
}

function diagram(traced: Traced, messages: readonly Message[], headline: string | null): string[] {
  const letters = new Set(messages.map(({ letter }) => letter));
  const tasks = participantsOf(traced.recorded, messages);
  const shared = sharedIn(messages);
  const bad = messages.findLastIndex(({ marked }) => marked);
  const from = bad < 0 ? -1 : windowBefore(messages, bad);
  const body = messages.flatMap((message, i) => [
    ...(i === from ? ['  rect rgb(255, 228, 225)'] : []),
    `  ${arrow(message, shared, i === bad)}`,
    ...(i === bad ? ['  end'] : []),
  ]);
  const over = [tasks[0], tasks.length > 1 ? tasks[tasks.length - 1] : undefined]
    .flatMap((task) => (task === undefined ? [] : [task.letter]))
    .join(',');
  return [
    'sequenceDiagram',
    '  autonumber',
    ...tasks.map(
      ({ cpu, letter, comm }) => `  participant ${letter} as CPU ${cpu} ${escapeMermaid(comm)}`,
    ),
    ...(letters.has(CHECK) ? [`  participant ${CHECK} as check()`] : []),
    ...[...shared].map(([object, id]) => `  participant ${id} as ${escapeMermaid(object)}`),
    ...body,
    ...(headline === null || over === ''
      ? []
      : [`  Note over ${over}: ${escapeMermaid(headline)}`]),
  ];
}

function arrow(message: Message, shared: ReadonlyMap<string, string>, bad: boolean): string {
  const { letter, object, waits, text } = message;
  const line = bad ? '-x' : waits ? '--)' : '->>';
  return `${letter}${line}${shared.get(object) ?? letter}: ${escapeMermaid(text)}`;
}

/** The objects that at least two tasks use, with names for mermaid; only the busiest if there are too many. */
function sharedIn(messages: readonly Message[]): Map<string, string> {
  const users = new Map<string, Message[]>();
  for (const message of messages) {
    if (message.object !== '')
      users.set(message.object, [...(users.get(message.object) ?? []), message]);
  }
  const shared = [...users].filter(
    ([, uses]) => new Set(uses.map(({ letter }) => letter)).size > 1,
  );
  const busiest = [...shared].sort(([, a], [, b]) => b.length - a.length).slice(0, SHARED_MAX);
  const kept = shared.filter((one) => busiest.includes(one));
  return new Map(kept.map(([object], i) => [object, `shared${i + 1}`]));
}

/** Where the window of the race opens: at the other side of the failure, else at the last step of another task. */
function windowBefore(messages: readonly Message[], bad: number): number {
  const other = ({ letter }: Message): boolean => letter !== messages[bad]?.letter;
  const before = messages.slice(0, bad);
  const side = before.findIndex((message) => message.marked && other(message));
  return side >= 0 ? side : Math.max(0, before.findLastIndex(other));
}

/** One arrow for each important row. The rows between them become one arrow for each task. */
function messagesOf(rows: readonly Row[], max: number): Message[] {
  const runs: Row[][] = [];
  for (const item of select(rows, max)) {
    const [last] = runs.slice(-1);
    if (item instanceof Gap) runs.push(...byTask(item.rows));
    else if (last !== undefined && hidden(item) && last.every(hidden) && alike(last, item)) {
      last.push(item);
    } else runs.push([item]);
  }
  return runs.flatMap(messageOf);
}

function hidden({ weight, mark }: Row): boolean {
  return weight === Weight.Private && mark === '';
}

function alike([first]: readonly Row[], { letter }: Row): boolean {
  return first?.letter === letter;
}

function byTask(rows: readonly Row[]): Row[][] {
  const letters = [...new Set(rows.map(({ letter }) => letter))];
  return letters.map((letter) => rows.filter((row) => row.letter === letter));
}

function messageOf(rows: readonly Row[]): Message[] {
  const [row] = rows;
  if (row === undefined) return [];
  const { object, text, weight, mark } = row;
  const letter = row.letter === '' ? CHECK : row.letter;
  if (rows.length > 1) {
    const { size } = stepsOf(rows);
    const steps = `... ${size} ${size === 1 ? 'step' : 'steps'}`;
    return [{ letter, text: steps, object: '', marked: false, waits: false }];
  }
  const said = mark.trim() === '' ? text : `${text} (${mark})`;
  const whole = object.replace(/\..*$/, '');
  return [
    { letter, text: said, object: whole, marked: mark !== '', waits: weight === Weight.Wait },
  ];
}
