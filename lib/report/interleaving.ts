// SPDX-License-Identifier: GPL-2.0-only
/** The interleaving: which task did what, in order, one column for each task. */
import type { Finding, Replay } from '../machine';
import type { Place } from './calls';
import { type Cell, columns, oneColumn } from './columns';
import { fold, GLUE, WIDTH_DEFAULT } from './fold';
import type { FrameRules } from './frames';
import { originText, type Participant, participantsOf } from './participants';
import { HERE } from './row-list';
import { type Row, rowsOf } from './rows';
import { Gap, select, stepsOf } from './select';

export interface InterleavingOptions {
  readonly rules: FrameRules;
  /** The stacks that the finding's report mentions; the rows where they were taken are marked. */
  readonly guilty: ReadonlySet<string>;
  readonly rowsMax: number;
  readonly width?: number;
}

export interface Interleaving {
  readonly lines: string[];
  /** How many steps were left out to keep the diagram short. */
  readonly omitted: number;
}

/** Draws an execution up to a finding, or all of it if there is none. */
export function interleaving(
  recorded: Replay,
  finding: Finding | null,
  { rules, guilty, rowsMax, width = WIDTH_DEFAULT }: InterleavingOptions,
): Interleaving {
  const rows = rowsOf(recorded, finding, guilty, rules);
  if (rows.length === 0) return { lines: [], omitted: 0 };
  const items = select(rows, rowsMax);
  const drawing = new Drawing(participantsOf(recorded, rows), mainFile(rows), width);
  const shown = stepsOf(items.flatMap((item) => (item instanceof Gap ? [] : [item])));
  return {
    lines: drawing.lines(items),
    omitted: [...stepsOf(rows)].filter((step) => !shown.has(step)).length,
  };
}

/** More tasks than this share one column, each line beginning with its task. */
const COLUMNS_MAX = 4;
/** Use one column if side-by-side columns need more than this many times as many lines. */
const STRETCH_MAX = 1.5;
const DEPTH_MAX = 8;
/** The indentation of a call; the second is for narrow columns. */
const INDENTS = ['  ', ' '];

class Drawing {
  constructor(
    readonly tasks: readonly Participant[],
    readonly file: string | null,
    readonly width: number,
  ) {}

  lines(items: readonly (Row | Gap)[]): string[] {
    const last = items.findLastIndex((item) => item.letter !== '');
    const [steps, check] = [items.slice(0, last + 1), items.slice(last + 1)];
    return [...this.#steps(steps), ...this.#check(check)];
  }

  #steps(items: readonly (Row | Gap)[]): string[] {
    if (items.length === 0) return [];
    const where = this.file === null ? '' : `, with lines of ${this.file}`;
    const bare = items.some((item) => !(item instanceof Gap) && item.mark === HERE);
    const mark = bare ? `; <--${GLUE}is${GLUE}part of the bug` : '';
    return [
      ...fold(`interleaving, top first${where}${mark}:`, this.width, 4),
      ...(this.#sideBySide(items) ?? this.#below(items)),
    ];
  }

  #sideBySide(items: readonly (Row | Gap)[]): string[] | null {
    if (this.tasks.length > COLUMNS_MAX) return null;
    const headers = this.tasks.map(
      (task) => `CPU ${task.cpu}: ${task.comm} (${task.letter})${originText(task)}`,
    );
    for (const indent of INDENTS) {
      const cells = items.map((item) =>
        item instanceof Gap ? this.#gap(item) : [this.#cell(item, indent)],
      );
      const lines = columns(headers, cells, this.width);
      if (lines === null) return null;
      const few = lines.length <= (cells.length + 2) * (indent === '  ' ? 1.1 : STRETCH_MAX);
      if (few || this.tasks.length === 1) return lines;
    }
    return null;
  }

  #below(items: readonly (Row | Gap)[]): string[] {
    const legend = this.tasks.map(
      (task) => `${task.letter} = ${task.comm} on CPU ${task.cpu}${originText(task)}`,
    );
    const rows = items.flatMap((item) => {
      const cells = item instanceof Gap ? this.#gap(item) : [this.#cell(item)];
      return cells.map(({ column, text, mark }) => ({
        label: this.tasks[column]?.letter ?? '',
        text,
        mark,
      }));
    });
    return [...fold(` ${legend.join('; ')}`, this.width, 5), ...oneColumn(rows, this.width)];
  }

  /** The rows of the final check, which runs after all tasks have ended. */
  #check(items: readonly (Row | Gap)[]): string[] {
    if (items.length === 0) return [];
    const cells = items
      .flatMap((item) => (item instanceof Gap ? this.#gap(item) : [this.#cell(item)]))
      .map((cell) => ({ label: '', ...cell }));
    return ['then check():', ...oneColumn(cells, this.width)];
  }

  #cell({ letter, at, depth, text, mark }: Row, indent = '  '): Cell {
    const number = at !== null && at.file === this.file ? String(at.line) : '';
    const elsewhere = at !== null && at.file !== this.file ? ` ${placeText(at)}` : '';
    return {
      column: this.tasks.findIndex((task) => task.letter === letter),
      text: `${number.padStart(4)} ${indent.repeat(Math.min(depth, DEPTH_MAX))}${text}${elsewhere}`,
      mark,
    };
  }

  #gap({ rows }: Gap): Cell[] {
    return [...new Set(rows.map(({ letter }) => letter))].flatMap((letter) => {
      const { size } = stepsOf(rows.filter((row) => row.letter === letter));
      const text = `     ... ${size} step${size === 1 ? '' : 's'}`;
      const column = this.tasks.findIndex((task) => task.letter === letter);
      return size === 0 ? [] : [{ column, text, mark: '' }];
    });
  }
}

/** The file of which lines are shown without its name: the driver, or the file of most rows if none is of the driver. */
function mainFile(rows: readonly Row[]): string | null {
  const files = rows.flatMap(({ at }) => (at === null ? [] : [at.file]));
  const drivers = files.filter((file) => !OF_SCENARIOS.test(file));
  const counts = new Map<string, number>();
  for (const file of drivers.length > 0 ? drivers : files)
    counts.set(file, (counts.get(file) ?? 0) + 1);
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most?.[0] ?? null;
}

/** Files that call the driver, by their names in reports. */
const OF_SCENARIOS = /^(?:scenarios\.ts$|worlds\/)/;

function placeText({ file, line }: Place): string {
  return `(${file}:${line})`;
}
