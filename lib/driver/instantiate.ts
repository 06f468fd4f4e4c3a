// SPDX-License-Identifier: GPL-2.0-only
/** Running a linked driver's file scope once: its structures and statics are declared, its functions handed out. */
import type { LinkedDriver } from './link';

/** What a driver is given. */
export interface DriverHost {
  /** The exports of `#lib`. */
  readonly lib: Readonly<Record<string, unknown>>;
  /** Called with a line at the start of every function and loop body; throws to stop a loop that does not end. */
  readonly tick: (line: number) => void;
  /** Called at the start and at the end of functions, where a driver puts objects on its stack. */
  readonly enter?: () => number;
  readonly leave?: (depth: number) => void;
  /** Told of every function of the driver's file scope, frozen by then. */
  readonly declared?: (func: object) => void;
  /** Evaluates the linked text; by default in this realm. */
  readonly evaluate?: (code: string) => unknown;
  /** The name stack frames show. */
  readonly fileName: string;
}

/** Evaluates the driver and gives its frozen exports. What its declarations throw is passed on. */
export function instantiate(
  linked: LinkedDriver,
  host: DriverHost,
): Readonly<Record<string, unknown>> {
  const { lib, tick, declared, enter = () => 0, leave = () => undefined } = host;
  const evaluate = host.evaluate ?? EVALUATE;
  // Backstop for writes.ts: a property hung on a function by a path no reader of the text sees fails when it is written.
  const freeze = (value: object): object => {
    const { prototype }: { readonly prototype?: unknown } = value;
    if (typeof prototype === 'object') Object.freeze(prototype);
    if (typeof value === 'function') declared?.(value);
    else {
      const inside: unknown[] = Object.values(value);
      for (const each of inside) if (typeof each === 'function') freeze(each);
    }
    return Object.freeze(value);
  };
  const factory = evaluate(
    `${linked.code}\n//# sourceURL=${host.fileName.replace(/[\s'"]/g, '_')}`,
  );
  // The linker has just written this text, and its value is this function.
  return (factory as Factory)(lib, tick, freeze, consoleOver(lib), enter, leave) as Readonly<
    Record<string, unknown>
  >;
}

/** The names in `wanted` that the driver does not export, in that order. */
export function missingExports(linked: LinkedDriver, wanted: readonly string[]): string[] {
  return wanted.filter((name) => !linked.exports.includes(name));
}

// Called by another name, so that it sees no local variable.
const EVALUATE: (code: string) => unknown = eval;

type Factory = (
  lib: Readonly<Record<string, unknown>>,
  tick: (line: number) => void,
  freeze: (value: object) => object,
  console: Console,
  enter: () => number,
  leave: (depth: number) => void,
) => unknown;

type Print = (...args: unknown[]) => void;
type Console = Readonly<Record<string, Print>>;

/** A driver's console: what prints a line does so as printk() does, and the rest does nothing. */
function consoleOver({ printk }: DriverHost['lib']): Console {
  const print: Print = Object.freeze((...args: unknown[]) => {
    if (typeof printk === 'function') (printk as Print)(...args); // it takes whatever it is given
  });
  const entries = [
    ...PRINTING.map((name) => [name, print] as const),
    ...SILENT.map((name) => [name, silent] as const),
  ];
  return Object.freeze(Object.fromEntries(entries));
}

const PRINTING = ['debug', 'dir', 'error', 'info', 'log', 'table', 'trace', 'warn'];
const SILENT = ['assert', 'clear', 'count', 'group', 'groupEnd', 'time', 'timeEnd'];
const silent: Print = Object.freeze(() => undefined);
