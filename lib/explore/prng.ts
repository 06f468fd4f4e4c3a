// SPDX-License-Identifier: GPL-2.0-only
/** Reproducible random numbers: splitmix32 (after Steele, Lea and Flood, OOPSLA 2014). They depend on the seed alone. */

export class Prng {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** The next 32 bits. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  }

  /** An integer from 0 up to, but not including, `end`. */
  below(end: number): number {
    return Math.floor((this.next() / 0x1_0000_0000) * end);
  }

  /** A separate generator, for a part that must not affect the others. */
  fork(): Prng {
    return new Prng(this.next());
  }
}
