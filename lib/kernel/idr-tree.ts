// SPDX-License-Identifier: GPL-2.0-only
/**
 * The tree in an IDR: the numbers in use, and how many layers they take (64 numbers each by default). Only the old IDR makes the
 * layers visible.
 */

const BITS = 6;
const LAYERS_READY = 12;

export class Tree {
  readonly entries = new Map<number, unknown>();
  /** Height of the tree. */
  layers = 0;
  /** Prepared layers. */
  free = 0;
  #bits = BITS;
  readonly #nodes = new Set<string>();

  clear(bits = BITS): void {
    this.#bits = bits;
    this.entries.clear();
    this.#nodes.clear();
    this.layers = this.free = 0;
  }

  /** The tree has room for numbers below this one. */
  get capacity(): number {
    return 2 ** (this.#bits * this.layers);
  }

  find(id: number): unknown {
    return this.entries.get(id) ?? null;
  }

  set(id: number, value: unknown): void {
    this.entries.set(id, value);
  }

  lowestFree(start: number): number {
    let id = start;
    while (this.entries.has(id)) id++;
    return id;
  }

  /** The first entry after a number whose pointer is not NULL. */
  next(after: number): { id: number; entry: unknown } | null {
    let found: { id: number; entry: unknown } | null = null;
    for (const [id, entry] of this.entries) {
      if (id > after && entry !== null && (found === null || id < found.id)) found = { id, entry };
    }
    return found;
  }

  /** The layers above a number in a tree of the given height. */
  #path(id: number, height: number): string[] {
    return Array.from(
      { length: height },
      (_, i) => `${i}:${Math.floor(id / 2 ** (this.#bits * (i + 1)))}`,
    );
  }

  #height(id: number): number {
    let height = 1;
    while (id >= 2 ** (this.#bits * height)) height++;
    return height;
  }

  /** Takes a number with prepared layers. Returns false and changes nothing if there are too few. */
  take(id: number, value: unknown): boolean {
    const height = Math.max(this.layers, this.#height(id));
    const grown = this.entries.size > 0 ? this.#path(0, height).slice(this.layers) : [];
    const needed = new Set([...this.#path(id, height), ...grown]);
    const missing = [...needed].filter((node) => !this.#nodes.has(node));
    if (missing.length > this.free) return false;
    this.free -= missing.length;
    for (const node of missing) this.#nodes.add(node);
    this.layers = height;
    this.entries.set(id, value);
    return true;
  }

  /** Frees a number. Layers that become empty stay prepared, up to the limit. */
  remove(id: number, ready = LAYERS_READY): void {
    this.entries.delete(id);
    const used = new Set([...this.entries.keys()].flatMap((each) => this.#path(each, this.layers)));
    for (const node of this.#nodes) if (!used.has(node)) this.#drop(node, ready);
    if (this.entries.size === 0) this.layers = 0;
    else if (
      this.layers > 1 &&
      [...this.entries.keys()].every((each) => each < this.capacity / 2 ** this.#bits)
    ) {
      this.#drop(`${this.layers - 1}:0`, ready);
      this.layers--;
    }
  }

  #drop(node: string, ready: number): void {
    if (this.#nodes.delete(node)) this.free = Math.min(this.free + 1, ready);
  }

  /** Prepares layers. */
  prepare(ready = LAYERS_READY): void {
    this.free = Math.max(this.free, ready);
  }
}
