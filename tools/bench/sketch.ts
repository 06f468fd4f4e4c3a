// SPDX-License-Identifier: GPL-2.0-only
/**
 * The yardstick: optimal DPOR (Abdulla et al., POPL 2014) alone. Four kinds of operations on numbered cells, without objects,
 * detectors, plain memory or schedules. It does as little work for each execution as the algorithm allows, so its rate shows the
 * cost of everything else. Deadlocked operations take no part in races: it is a yardstick, not a judge.
 */

/** An operation on a cell. */
export interface Act {
  readonly kind: 'read' | 'write' | 'lock' | 'unlock';
  readonly cell: number;
  /** The new value, given the old one; undefined for no change. */
  readonly change?: (old: number) => number | undefined;
}

export type SketchTask = Generator<Act, void, number>;

interface Planned {
  readonly task: number;
  readonly act: Act;
  readonly next: Planned[];
}

interface Level {
  readonly task: number;
  readonly act: Act;
  readonly sleep: Map<number, Act>;
  readonly tree: Planned[];
}

/** Explores one execution of each trace, up to a limit; returns their number. */
export function sketch(program: () => SketchTask[], executionsMax: number): number {
  return new Sketch(program).run(executionsMax);
}

function dependent(a: Act, b: Act): boolean {
  return a.cell === b.cell && !(a.kind === 'read' && b.kind === 'read');
}

class Sketch {
  readonly #levels: Level[] = [];
  #tasks: SketchTask[] = [];
  #pending: (Act | null)[] = [];
  #memory = new Map<number, number>();
  #held = new Set<number>();

  constructor(readonly program: () => SketchTask[]) {}

  run(executionsMax: number): number {
    let executions = 0;
    let sleep = new Map<number, Act>();
    let tree: Planned[] = [];
    this.#boot();
    for (;;) {
      if (this.#extend(sleep, tree)) {
        executions++;
        const { races, clocks } = this.#races();
        for (const [first, second] of races) this.#reverse(first, second, clocks);
      }
      const level = this.#backtrack();
      if (level === null || executions >= executionsMax) return executions;
      this.#boot();
      for (const { task } of this.#levels) this.#step(task);
      ({ sleep, tree } = level);
    }
  }

  #boot(): void {
    this.#memory = new Map();
    this.#held = new Set();
    this.#tasks = this.program();
    this.#pending = this.#tasks.map((task) => task.next().value ?? null);
  }

  #enabled(task: number): boolean {
    const act = this.#pending[task] ?? null;
    return act !== null && !(act.kind === 'lock' && this.#held.has(act.cell));
  }

  #step(task: number): void {
    const act = this.#pending[task];
    if (act === null || act === undefined) return;
    const found = this.#memory.get(act.cell) ?? 0;
    if (act.kind === 'lock') this.#held.add(act.cell);
    else if (act.kind === 'unlock') this.#held.delete(act.cell);
    const next = act.change?.(found);
    if (next !== undefined) this.#memory.set(act.cell, next);
    this.#pending[task] = this.#tasks[task]?.next(found).value ?? null;
  }

  /** Runs to the end; returns false if only sleeping tasks are left. */
  #extend(from: Map<number, Act>, planned: Planned[]): boolean {
    let sleep = from;
    let tree = planned;
    for (;;) {
      if (tree.length === 0) {
        const task = this.#pending.findIndex((_, i) => this.#enabled(i) && !sleep.has(i));
        const act = this.#pending[task];
        if (act === null || act === undefined) break;
        tree.push({ task, act, next: [] });
      }
      const branch = tree[0];
      const act = branch === undefined ? null : this.#pending[branch.task];
      if (branch === undefined || act === null || act === undefined) break;
      this.#levels.push({ task: branch.task, act, sleep, tree });
      const left = new Map<number, Act>();
      for (const [task, other] of sleep)
        if (task !== branch.task && !dependent(other, act)) left.set(task, other);
      this.#step(branch.task);
      sleep = left;
      tree = branch.next;
    }
    return !this.#pending.some((_, task) => this.#enabled(task));
  }

  /** Pairs of dependent steps without an order between them, and the clock of every step. */
  #races(): { readonly races: (readonly [number, number])[]; readonly clocks: Int32Array[] } {
    const races: [number, number][] = [];
    const clocks: Int32Array[] = [];
    const latest = this.#tasks.map(() => new Int32Array(this.#tasks.length));
    const cells = new Map<number, Cell>();
    this.#levels.forEach(({ task, act }, i) => {
      const clock = (latest[task] ?? new Int32Array()).slice();
      let cell = cells.get(act.cell);
      if (cell === undefined) cells.set(act.cell, (cell = { write: -1, unlock: -1, reads: [] }));
      for (const first of earlier(cell, act)) {
        if (this.#levels[first]?.task !== task && !this.#before(first, clock, clocks))
          races.push([first, i]);
        join(clock, clocks[first]);
      }
      if (act.kind === 'lock') join(clock, clocks[cell.unlock]);
      clock[task] = (clock[task] ?? 0) + 1;
      clocks.push(clock);
      latest[task] = clock;
      book(cell, act, i);
    });
    return { races, clocks };
  }

  #before(first: number, clock: Int32Array | undefined, clocks: readonly Int32Array[]): boolean {
    const task = this.#levels[first]?.task ?? 0;
    return (clock?.[task] ?? 0) >= (clocks[first]?.[task] ?? 0);
  }

  /** Plans the steps after the first one that do not depend on it, then the second one. */
  #reverse(first: number, second: number, clocks: readonly Int32Array[]): void {
    const sequence: Level[] = [];
    for (let i = first + 1; i <= second; i++) {
      const level = this.#levels[i];
      if (level !== undefined && (i === second || !this.#before(first, clocks[i], clocks)))
        sequence.push(level);
    }
    const level = this.#levels[first];
    if (level === undefined) return;
    for (const [task, act] of level.sleep) if (weakInitial(task, act, sequence)) return;
    insert(level.tree, sequence);
  }

  #backtrack(): Level | null {
    for (let level = this.#levels.pop(); level !== undefined; level = this.#levels.pop()) {
      level.sleep.set(level.task, level.act);
      level.tree.shift();
      if (level.tree.length > 0) return level;
    }
    return null;
  }
}

/** The last steps on a cell: writes and locks, unlocks, and reads since the last write. */
interface Cell {
  write: number;
  unlock: number;
  reads: number[];
}

/**
 * The steps that the operation depends on, latest first. A lock could not come before the unlock, but before the lock that belongs
 * to it.
 */
function earlier({ write, reads }: Cell, { kind }: Act): number[] {
  if (kind === 'unlock') return [];
  const before = write < 0 ? [] : [write];
  return kind === 'write' ? [...before, ...reads].sort((a, b) => b - a) : before;
}

function book(cell: Cell, { kind }: Act, i: number): void {
  if (kind === 'read') cell.reads.push(i);
  else if (kind === 'unlock') cell.unlock = i;
  else {
    cell.write = i;
    cell.reads = [];
  }
}

function join(into: Int32Array, from: Int32Array | undefined): void {
  if (from === undefined) return;
  for (let i = 0; i < from.length; i++) {
    const theirs = from[i] ?? 0;
    if (theirs > (into[i] ?? 0)) into[i] = theirs;
  }
}

interface Move {
  readonly task: number;
  readonly act: Act;
}

function weakInitial(task: number, act: Act, sequence: readonly Move[]): boolean {
  for (const move of sequence) {
    if (move.task === task) return true;
    if (dependent(move.act, act)) return false;
  }
  return true;
}

function insert(tree: Planned[], sequence: readonly Move[]): void {
  const branch = tree.find(({ task, act }) => weakInitial(task, act, sequence));
  if (branch !== undefined) {
    if (branch.next.length === 0) return;
    const at = sequence.findIndex(({ task }) => task === branch.task);
    insert(
      branch.next,
      sequence.filter((_, i) => i !== at),
    );
    return;
  }
  let end = tree;
  for (const { task, act } of sequence) {
    const next: Planned[] = [];
    end.push({ task, act, next });
    end = next;
  }
}
