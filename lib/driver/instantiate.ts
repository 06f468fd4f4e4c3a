// SPDX-License-Identifier: GPL-2.0-only
/** Runs a linked driver's file scope once: declares its structures and statics, and returns its functions. */
import type { LinkedDriver } from './link';

/** What a driver gets from its host. */
export interface DriverHost {
  /** The exports of `#lib`. */
  readonly lib: Readonly<Record<string, unknown>>;
  /** Called with a line at the start of every function and loop body; throws to stop a loop that does not end. */
  readonly tick: (line: number) => void;
  /** Called at the start and at the end of functions of a driver that puts objects on its stack. */
  readonly enter?: () => number;
  readonly leave?: (depth: number) => void;
  /** Called with every function of the driver's file scope after it is frozen. */
  readonly declared?: (func: object) => void;
  /** Evaluates the linked text; by default in this realm. */
  readonly evaluate?: (code: string) => unknown;
  /** The name stack frames show. */
  readonly fileName: string;
}

/** Evaluates the driver and returns its frozen exports. Exceptions of its declarations are passed on. */
export function instantiate(
  linked: LinkedDriver,
  host: DriverHost,
): Readonly<Record<string, unknown>> {
  const { lib, tick, declared, enter = () => 0, leave = () => undefined } = host;
  const evaluate = host.evaluate ?? EVALUATE;
  // A second defence after writes.ts: setting a property of a function fails, even by a path that is not visible in the
  // text.
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
  // The linker wrote this text: its value is this function.
  return (factory as Factory)(lib, tick, freeze, consoleOver(lib), enter, leave) as Readonly<
    Record<string, unknown>
  >;
}

/** The names in `wanted` that the driver does not export, in that order. */
export function missingExports(linked: LinkedDriver, wanted: readonly string[]): string[] {
  return wanted.filter((name) => !linked.exports.includes(name));
}

// Called by another name, so that the code sees no local variable.
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

/** A driver's console: methods that print a line call printk(), and the others do nothing. */
function consoleOver({ printk }: DriverHost['lib']): Console {
  const print: Print = Object.freeze((...args: unknown[]) => {
    if (typeof printk === 'function') (printk as Print)(...args); // printk() accepts any arguments
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
