// SPDX-License-Identifier: GPL-2.0-only
/** Runs a thread of a litmus test, asking for memory one operation at a time. */
import { perform, takesLvalue } from './calls';
import type { Operation, Run } from './operation';
import { LitmusProblem } from './problem';
import {
  type Address,
  addressOf,
  type Expression,
  type LitmusTest,
  type Statement,
  type Thread,
  type Value,
} from './syntax';

/** How often a loop is followed: the executions in which it goes on are left out, and the verdict says so. */
const TURNS_MAX = 4;

type Evaluating<T> = Generator<Operation, T, Value>;

/** Starts thread `index` of a test. */
export function runThread(test: LitmusTest, index: number): Run {
  const thread = test.threads[index];
  if (thread === undefined) throw new LitmusProblem(1, `there is no thread P${index}`);
  const registers = new Map(test.registers.get(index) ?? []);
  return new Running(thread, registers).run();
}

class Running {
  constructor(
    private readonly thread: Thread,
    private readonly registers: Map<string, Value>,
  ) {}

  *run(): Run {
    yield* this.statement(this.thread.body);
    return this.registers;
  }

  /** Runs a statement; true if the thread has returned. */
  private *statement(statement: Statement): Evaluating<boolean> {
    switch (statement.kind) {
      case 'block':
        for (const inner of statement.body) if (yield* this.statement(inner)) return true;
        return false;
      case 'expression':
        yield* this.value(statement.expression);
        return false;
      case 'if':
        if (isTrue(yield* this.value(statement.condition))) {
          return yield* this.statement(statement.then);
        }
        return statement.otherwise === null ? false : yield* this.statement(statement.otherwise);
      case 'while':
        return yield* this.loop(statement);
      case 'return':
        return true;
    }
  }

  private *loop(loop: Statement & { kind: 'while' }): Evaluating<boolean> {
    for (let turn = 0; ; turn++) {
      const goesOn = (loop.bodyFirst && turn === 0) || isTrue(yield* this.value(loop.condition));
      if (!goesOn) return false;
      if (turn === TURNS_MAX) yield { kind: 'cut off' };
      if (yield* this.statement(loop.body)) return true;
    }
  }

  private *value(e: Expression): Evaluating<Value> {
    switch (e.kind) {
      case 'number':
        return e.value;
      case 'name':
        return this.named(e.name);
      case 'address':
        return yield* this.lvalue(e.of);
      case 'dereference':
        return yield { kind: 'plain load', at: yield* this.pointer(e.pointer) };
      case 'unary':
        return unary(e, yield* this.value(e.operand));
      case 'conditional':
        return yield* this.value(isTrue(yield* this.value(e.condition)) ? e.yes : e.no);
      case 'assignment':
        return yield* this.assign(e.target, yield* this.value(e.value));
      case 'call':
        return yield* this.call(e);
      case 'binary':
        return yield* this.binary(e);
    }
  }

  /** A register that was set, else a parameter, else a location of the test, else a register that is 0. */
  private named(name: string): Value {
    const register = this.registers.get(name);
    if (register !== undefined) return register;
    return this.thread.parameters.includes(name) ? addressOf(name) : 0;
  }

  private *assign(target: Expression, value: Value): Evaluating<Value> {
    if (target.kind === 'name') {
      this.registers.set(target.name, value);
    } else if (target.kind === 'dereference') {
      yield { kind: 'plain store', at: yield* this.pointer(target.pointer), value };
    } else {
      throw new LitmusProblem(target.line, 'cannot assign to this expression');
    }
    return value;
  }

  /** The address of what stands here: `*p` is at p, and a location's name stands for its address already. */
  private *lvalue(e: Expression): Evaluating<Value> {
    if (e.kind === 'dereference') return yield* this.value(e.pointer);
    if (e.kind === 'name') return this.named(e.name);
    throw new LitmusProblem(e.line, 'cannot take the address of this expression');
  }

  private *pointer(e: Expression): Evaluating<Address> {
    const value = yield* this.value(e);
    if (typeof value !== 'number') return value;
    throw new LitmusProblem(e.line, 'a number is dereferenced');
  }

  private *call(e: Expression & { kind: 'call' }): Evaluating<Value> {
    const args: Value[] = [];
    for (const [i, argument] of e.args.entries()) {
      const byPlace = i === 0 && takesLvalue(e.name);
      args.push(yield* byPlace ? this.lvalue(argument) : this.value(argument));
    }
    return yield* perform({ name: e.name, args, line: e.line });
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
  // Dependencies that tests make out of nothing: x + 0, 0 + x, x ^ x.
  if ((e.operator === '+' || e.operator === '-') && b === 0) return a;
  if (e.operator === '+' && a === 0) return b;
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
