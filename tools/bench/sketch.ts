// SPDX-License-Identifier: GPL-2.0-only
/**
 * The yardstick: optimal DPOR (Abdulla et al., POPL 2014) with nothing around it. Four kinds of operations on numbered
 * cells, no objects, no detectors, no plain memory, no schedules. As little work for each execution as the algorithm
 * allows, so its rate shows what everything else costs. Deadlocked operations take no part in races: no judge, a yardstick.
 */

/** An operation: what it does with which cell. */
export interface Act {
  readonly kind: 'read' | 'write' | 'lock' | 'unlock';
  readonly cell: number;
  /** What a write leaves, given what was there; undefined for no change. */
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

/** Explores one execution of each trace, at most so many; gives their number. */
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
        for (const [first, second, clocks] of this.#races()) this.#reverse(first, second, clocks);
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

  /** Runs to the end; false if only sleeping tasks are left. */
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

  #races(): (readonly [number, number, Int32Array[]])[] {
    const races: (readonly [number, number, Int32Array[]])[] = [];
    const clocks: Int32Array[] = [];
    const latest = this.#tasks.map(() => new Int32Array(this.#tasks.length));
    const cells = new Map<number, Cell>();
    this.#levels.forEach(({ task, act }, i) => {
      const clock = (latest[task] ?? new Int32Array()).slice();
      let cell = cells.get(act.cell);
      if (cell === undefined) cells.set(act.cell, (cell = { write: -1, unlock: -1, reads: [] }));
      for (const first of cell.earlier?.(act) ?? earlier(cell, act)) {
        const other = this.#levels[first];
        const theirs = clocks[first];
        if (other === undefined || theirs === undefined) continue;
        if (other.task !== task && (clock[other.task] ?? 0) < (theirs[other.task] ?? 0))
          races.push([first, i, clocks]);
        join(clock, theirs);
      }
      const unlock = act.kind === 'lock' ? clocks[cell.unlock] : undefined;
      if (unlock !== undefined) join(clock, unlock);
      clock[task] = (clock[task] ?? 0) + 1;
      clocks.push(clock);
      latest[task] = clock;
      book(cell, act, i);
    });
    return races;
  }
}
