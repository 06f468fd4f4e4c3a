// SPDX-License-Identifier: GPL-2.0-only
/** Runs a thread of a litmus test, one memory operation at a time. */
import { perform, takesLvalue } from './calls';
import { Dependencies, NOTHING, type Sources, union } from './dependencies';
import type { Operation, Origin, Run, Step } from './operation';
import { LitmusProblem } from './problem';
import {
  type Address,
  addressOf,
  elementOf,
  type Expression,
  type LitmusTest,
  type Statement,
  type Thread,
  type Value,
} from './syntax';
import type { Wanted } from './wanted';

/** How often a loop is followed. Executions in which it continues are left out, and the verdict says so. */
const TURNS_MAX = 4;

/** The same for a loop that counts: its condition depends on no memory. */
const COUNTED_MAX = 100;

/** How a statement was left: null at its end. */
type Exit = (Statement & { kind: 'return' | 'break' | 'continue' | 'goto' | 'label' }) | null;

const NOWHERE: Origin = {
  line: 0,
  text: '',
  address: NOTHING,
  data: NOTHING,
  control: NOTHING,
};

const ANYTHING: ReadonlyMap<string, Value> = new Map();

type Evaluating<T> = Generator<Step, T, Value>;

/** Starts thread `index` of a test. It stops where a register gets a value that is not wanted. */
export function runThread(test: LitmusTest, index: number, wanted: Wanted | null = null): Run {
  const thread = test.threads[index];
  if (thread === undefined) throw new LitmusProblem(1, `there is no thread P${index}`);
  const registers = new Map(test.registers.get(index) ?? []);
  return new Running(thread, registers, wanted?.[index] ?? ANYTHING).run();
}

class Running {
  readonly #dependencies = new Dependencies();

  constructor(
    private readonly thread: Thread,
    private readonly registers: Map<string, Value>,
    private readonly wanted: ReadonlyMap<string, Value>,
  ) {}

  *run(): Run {
    const exit = yield* this.statement(this.thread.body);
    if (exit?.kind === 'goto')
      throw new LitmusProblem(exit.line, `no label ${exit.label} around or beside this goto`);
    return this.registers;
  }

  /** Runs a statement; returns how it was left, null at its end. */
  private *statement(statement: Statement): Evaluating<Exit> {
    switch (statement.kind) {
      case 'block':
        return yield* this.sequence(statement.body, 0);
      case 'expression':
        this.#dependencies.begin();
        yield* this.value(statement.expression);
        return null;
      case 'if':
        return yield* this.branch(statement);
      case 'while':
        return yield* this.loop(statement);
      case 'switch':
        return yield* this.choice(statement);
      case 'label':
      case 'case':
        return null;
      default:
        return statement;
    }
  }

  /** Runs statements from one on, again from a label where one of them goes to it. */
  private *sequence(body: readonly Statement[], from: number): Evaluating<Exit> {
    let turns = 0;
    for (let i = from; i < body.length; i++) {
      const inner = body[i];
      const exit = inner === undefined ? null : yield* this.statement(inner);
      if (exit === null) continue;
      if (exit.kind !== 'goto') return exit;
      const { label } = exit;
      const at = body.findIndex((one) => one.kind === 'label' && one.label === label);
      if (at < 0) return exit;
      if (at < i && turns++ === TURNS_MAX) yield { kind: 'cut off', ...NOWHERE };
      i = at;
    }
    return null;
  }

  private *branch(branch: Statement & { kind: 'if' }): Evaluating<Exit> {
    this.#dependencies.begin();
    const taken = isTrue(yield* this.value(branch.condition)) ? branch.then : branch.otherwise;
    const before = this.#dependencies.control();
    const exit = taken === null ? null : yield* this.statement(taken);
    this.#dependencies.release(before);
    return exit;
  }

  private *choice({ value, body }: Statement & { kind: 'switch' }): Evaluating<Exit> {
    this.#dependencies.begin();
    const chosen = yield* this.value(value);
    const before = this.#dependencies.control();
    const places = [chosen, null].map((wanted) =>
      body.findIndex((one) => one.kind === 'case' && one.value === wanted),
    );
    const at = places.find((place) => place >= 0);
    const exit = at === undefined ? null : yield* this.sequence(body, at);
    this.#dependencies.release(before);
    return exit?.kind === 'break' ? null : exit;
  }

  private *loop(loop: Statement & { kind: 'while' }): Evaluating<Exit> {
    for (let turn = 0; ; turn++) {
      this.#dependencies.begin();
      const goesOn = (loop.bodyFirst && turn === 0) || isTrue(yield* this.value(loop.condition));
      if (!goesOn) return null;
      // A loop that counts ends by itself.
      const counts = loop.after !== null && this.#dependencies.sources.size === 0;
      if (turn >= (counts ? COUNTED_MAX : TURNS_MAX)) yield { kind: 'cut off', ...NOWHERE };
      const before = this.#dependencies.control();
      const exit = yield* this.statement(loop.body);
      this.#dependencies.release(before);
      if (exit?.kind === 'break') return null;
      if (exit !== null && exit.kind !== 'continue') return exit;
      if (loop.after === null) continue;
      this.#dependencies.begin();
      yield* this.value(loop.after);
    }
  }

  private *ask(
    operation: Operation,
    { line, text, address, data }: Omit<Origin, 'control'>,
  ): Evaluating<Value> {
    const control = this.#dependencies.controlled;
    this.#dependencies.happens(operation, data);
    return yield { ...operation, line, text, address, data, control };
  }

  private *value(e: Expression): Evaluating<Value> {
    switch (e.kind) {
      case 'number':
        return e.value;
      case 'name':
        return this.named(e.name);
      case 'address':
        return yield* this.lvalue(e.of);
      case 'dereference': {
        const at = yield* this.pointer(e.pointer);
        const address = this.#dependencies.sources;
        const text = `reads *${at.location}`;
        const origin = { line: e.line, text, address, data: NOTHING };
        return yield* this.ask({ kind: 'plain load', at }, origin);
      }
      case 'element': {
        const at = yield* this.element(e);
        const address = this.#dependencies.sources;
        const origin = { line: e.line, text: `reads ${at.location}`, address, data: NOTHING };
        return yield* this.ask({ kind: 'plain load', at }, origin);
      }
      case 'unary':
        return unary(e, yield* this.value(e.operand));
      case 'conditional':
        return yield* this.value(isTrue(yield* this.value(e.condition)) ? e.yes : e.no);
      case 'assignment':
        return yield* this.assign(e);
      case 'call':
        return yield* this.call(e);
      case 'binary':
        return yield* this.binary(e);
    }
  }

  /** A register that was set, else a parameter, else a location of the test, else a register with value 0. */
  private named(name: string): Value {
    this.#dependencies.use(name);
    const register = this.registers.get(name);
    if (register !== undefined) return register;
    return this.thread.parameters.includes(name) ? addressOf(name) : 0;
  }

  private *assign(e: Expression & { kind: 'assignment' }): Evaluating<Value> {
    const { target, line } = e;
    const around = this.#dependencies.begin();
    const old = e.givesOld === true ? yield* this.value(target) : null;
    const value = yield* this.value(e.value);
    if (target.kind === 'name') {
      this.#dependencies.set(target.name);
      this.registers.set(target.name, value);
      const wanted = this.wanted.get(target.name);
      if (wanted !== undefined && wanted !== value) yield { kind: 'unwanted', ...NOWHERE };
    } else if (target.kind === 'dereference' || target.kind === 'element') {
      const data = this.#dependencies.begin();
      const at = yield* target.kind === 'element'
        ? this.element(target)
        : this.pointer(target.pointer);
      const address = this.#dependencies.sources;
      const text = `writes *${at.location} = ${textOf(value)}`;
      yield* this.ask({ kind: 'plain store', at, value }, { line, text, address, data });
    } else {
      throw new LitmusProblem(line, 'cannot assign to this expression');
    }
    this.#dependencies.end(around);
    return old ?? value;
  }

  private *element({ array, index, line }: Expression & { kind: 'element' }): Evaluating<Address> {
    const base = yield* this.pointer(array);
    const at = yield* this.value(index);
    if (typeof at !== 'number') throw new LitmusProblem(line, 'an index is an address');
    return elementOf(base, at);
  }

  /** The address of an lvalue: `*p` is at p, and a location's name is already its address. */
  private *lvalue(e: Expression): Evaluating<Value> {
    if (e.kind === 'dereference') return yield* this.value(e.pointer);
    if (e.kind === 'element') return yield* this.element(e);
    if (e.kind === 'name') return this.named(e.name);
    throw new LitmusProblem(e.line, 'cannot take the address of this expression');
  }

  private *pointer(e: Expression): Evaluating<Address> {
    const value = yield* this.value(e);
    if (typeof value !== 'number') return value;
    throw new LitmusProblem(e.line, 'a number is dereferenced');
  }

  private *call(e: Expression & { kind: 'call' }): Evaluating<Value> {
    const around = this.#dependencies.begin();
    const args: Argument[] = [];
    for (const [i, argument] of e.args.entries()) {
      const byPlace = i === 0 && takesLvalue(e.name);
      this.#dependencies.begin();
      const value = yield* byPlace ? this.lvalue(argument) : this.value(argument);
      const text = `${byPlace ? '*' : ''}${textOf(value)}`;
      args.push({ value, text, sources: this.#dependencies.sources });
    }
    const text = `${e.name}(${args.map((one) => one.text).join(', ')})`;
    const calling = perform({ name: e.name, args: args.map(({ value }) => value), line: e.line });
    let asked = calling.next();
    while (asked.done !== true) {
      const origin = { line: e.line, text, ...sourcesOf(asked.value, args) };
      asked = calling.next(yield* this.ask(asked.value, origin));
    }
    this.#dependencies.end(around);
    return asked.value;
  }

  private *binary(e: Expression & { kind: 'binary' }): Evaluating<Value> {
    const left = yield* this.value(e.left);
    if (e.operator === '&&' && !isTrue(left)) return 0;
    if (e.operator === '||' && isTrue(left)) return 1;
    const right = yield* this.value(e.right);
    if (e.operator === '&&' || e.operator === '||') return Number(isTrue(right));
    return binary(e, left, right);
  }
}

/** An argument of a call, as the test writes it, and what it depends on. */
interface Argument {
  readonly value: Value;
  readonly text: string;
  readonly sources: Sources;
}

/** What an operation's address depends on, and what it writes. */
function sourcesOf(
  operation: Operation,
  args: readonly Argument[],
): Pick<Origin, 'address' | 'data'> {
  const at = 'at' in operation ? operation.at : null;
  const place = args.find(({ value }) => value === at);
  const others = args.filter((argument) => argument !== place);
  const data = others.map(({ sources }) => sources).reduce(union, NOTHING);
  return { address: place?.sources ?? NOTHING, data };
}

/** A value in the form of a test. */
export function textOf(value: Value): string {
  return typeof value === 'number' ? String(value) : value.location;
}

function isTrue(value: Value): boolean {
  return value !== 0;
}

function unary(e: Expression & { kind: 'unary' }, value: Value): Value {
  if (e.operator === '!') return isTrue(value) ? 0 : 1;
  if (typeof value !== 'number')
    throw new LitmusProblem(e.line, `cannot use ${e.operator} on an address`);
  if (e.operator === '-') return -value;
  return e.operator === '~' ? ~value : value;
}

function binary(e: Expression & { kind: 'binary' }, a: Value, b: Value): Value {
  if (e.operator === '==') return Number(a === b);
  if (e.operator === '!=') return Number(a !== b);
  if (typeof a === 'number' && typeof b === 'number') return arithmetic(e.operator, a, b);
  // Elements of arrays, and artificial dependencies in tests: x + 0, 0 + x, x ^ x.
  if (e.operator === '+' && typeof a !== 'number' && typeof b === 'number') return elementOf(a, b);
  if (e.operator === '+' && typeof a === 'number' && typeof b !== 'number') return elementOf(b, a);
  if (e.operator === '-' && typeof a !== 'number' && typeof b === 'number') return elementOf(a, -b);
  if (e.operator === '^' && a === b) return 0;
  throw new LitmusProblem(e.line, `cannot use ${e.operator} on an address`);
}

function arithmetic(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return Math.imul(a, b);
    case '/':
      return b === 0 ? 0 : Math.trunc(a / b);
    case '%':
      return b === 0 ? 0 : a % b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '<<':
      return a << b;
    case '>>':
      return a >> b;
    case '<':
      return Number(a < b);
    case '>':
      return Number(a > b);
    case '<=':
      return Number(a <= b);
    default:
      return Number(a >= b);
  }
}
