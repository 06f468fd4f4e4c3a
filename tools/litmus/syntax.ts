// SPDX-License-Identifier: GPL-2.0-only
/** The syntax tree of a litmus test in the C format of tools/memory-model; every node knows its line. */

/** A number, or the address of a location. */
export type Value = number | Address;

/** The address of a location. There is one object for each name, so addresses compare with ===. */
export interface Address {
  readonly location: string;
}

const addresses = new Map<string, Address>();

/** The address of a location. */
export function addressOf(location: string): Address {
  const known = addresses.get(location) ?? { location };
  addresses.set(location, known);
  return known;
}

/** The element of an array so many elements behind an address. Element 0 is where the array itself is. */
export function elementOf({ location }: Address, index: number): Address {
  const [, array = location, from = '0'] = /^(.*)\[(-?\d+)\]$/.exec(location) ?? [];
  const at = Number(from) + index;
  return addressOf(at === 0 ? array : `${array}[${at}]`);
}

export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly line: number }
  | { readonly kind: 'name'; readonly name: string; readonly line: number }
  | { readonly kind: 'address'; readonly of: Expression; readonly line: number }
  | { readonly kind: 'dereference'; readonly pointer: Expression; readonly line: number }
  | {
      readonly kind: 'element';
      readonly array: Expression;
      readonly index: Expression;
      readonly line: number;
    }
  | {
      readonly kind: 'unary';
      readonly operator: UnaryOperator;
      readonly operand: Expression;
      readonly line: number;
    }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
      readonly line: number;
    }
  | {
      readonly kind: 'conditional';
      readonly condition: Expression;
      readonly yes: Expression;
      readonly no: Expression;
      readonly line: number;
    }
  | {
      readonly kind: 'assignment';
      readonly target: Expression;
      readonly value: Expression;
      /** Its own value is what the target held before: `r1++`. */
      readonly givesOld?: boolean;
      readonly line: number;
    }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly args: readonly Expression[];
      readonly line: number;
    };

export type UnaryOperator = '!' | '-' | '~' | '+';

export type Statement =
  | { readonly kind: 'block'; readonly body: readonly Statement[] }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly then: Statement;
      readonly otherwise: Statement | null;
    }
  | {
      readonly kind: 'while';
      readonly condition: Expression;
      readonly body: Statement;
      /** Whether the body runs before the first test of the condition, as in do-while. */
      readonly bodyFirst: boolean;
      /** The last part of a `for`, which runs after each turn. */
      readonly after: Expression | null;
    }
  | { readonly kind: 'switch'; readonly value: Expression; readonly body: readonly Statement[] }
  /** `case 1:`, or `default:` without a value. */
  | { readonly kind: 'case'; readonly value: number | null }
  | { readonly kind: 'label' | 'goto'; readonly label: string; readonly line: number }
  | { readonly kind: 'return' | 'break' | 'continue' };

/** What a condition compares: a register of a thread, the last value of a location, or a constant. */
export type Operand =
  | { readonly kind: 'register'; readonly thread: number; readonly name: string }
  | { readonly kind: 'location'; readonly name: string }
  | { readonly kind: 'constant'; readonly value: number };

export type Condition =
  | { readonly kind: 'true' }
  | { readonly kind: 'equal'; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition };

export type Quantifier = 'exists' | 'forall' | '~exists';

export interface Thread {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: Statement;
}

/** The result that the comment of a test expects. */
export interface Expected {
  readonly answer: 'Never' | 'Sometimes' | 'Always';
  /** Whether it says that plain accesses of the test race. */
  readonly race: boolean;
}

export interface LitmusTest {
  readonly name: string;
  /** The initial values of locations; every other location is 0. */
  readonly initial: ReadonlyMap<string, Value>;
  /** The number of elements of each array. */
  readonly arrays: ReadonlyMap<string, number>;
  /** The initial values of registers, for each thread. */
  readonly registers: ReadonlyMap<number, ReadonlyMap<string, Value>>;
  readonly threads: readonly Thread[];
  /** Whether it asks of a lock if it is held. */
  readonly looksAtLocks: boolean;
  /** The condition is asked only of executions for which this is true. */
  readonly filter: Condition;
  readonly quantifier: Quantifier;
  readonly condition: Condition;
  readonly expected: Expected | null;
}
