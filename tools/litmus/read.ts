// SPDX-License-Identifier: GPL-2.0-only
/** Parses a litmus test: `C name`, a comment, `{ initial values }`, the threads, and the condition. */
import { tail } from './condition';
import { skipType, typeAhead } from './expressions';
import { LitmusProblem } from './problem';
import { block } from './statements';
import {
  addressOf,
  elementOf,
  type Expected,
  type LitmusTest,
  type Thread,
  type Value,
} from './syntax';
import { Tokens, tokensOf } from './tokens';

/** The characters of a test: ten times as many as public tests have, and few enough for every execution to end. */
const CHARACTERS_MAX = 50_000;

/** Parses a test; throws a LitmusProblem if the text is not one or uses something unsupported. */
export function readLitmus(text: string): LitmusTest {
  if (text.length > CHARACTERS_MAX) {
    throw new LitmusProblem(1, `a litmus test has at most ${CHARACTERS_MAX} characters`);
  }
  const plain = text.replace(/\r\n?/g, '\n');
  const [heading = '', ...rest] = plain.split('\n');
  const [, language = '', name = ''] = /^\s*(\S+)\s+(.*?)\s*$/.exec(heading) ?? [];
  if (name === '') throw new LitmusProblem(1, "not a litmus test: the first line is not 'C name'");
  if (language !== 'C') {
    throw new LitmusProblem(1, `the test is written for ${language}: only C is supported`);
  }
  const tokens = new Tokens(tokensOf(withoutHeader(rest.join('\n')), 2));
  try {
    const looksAtLocks = /\bspin_is_locked\b/.test(plain);
    return { name, ...partsOf(tokens), looksAtLocks, expected: expectedIn(plain) };
  } catch (error) {
    if (error instanceof RangeError) tokens.fail('brackets are nested too deeply'); // the stack is full
    throw error;
  }
}

function partsOf(tokens: Tokens): Omit<LitmusTest, 'name' | 'looksAtLocks' | 'expected'> {
  const { initial, registers, arrays } = initialState(tokens);
  const threads: Thread[] = [];
  while (threadAhead(tokens)) threads.push(thread(tokens, threads.length));
  if (threads.length === 0) {
    if (tokens.next.text === '{') tokens.fail('structures are not supported');
    tokens.fail(`expected 'P0' before '${tokens.next.text}'`);
  }
  const asked = tail(tokens, threads.length);
  if (tokens.next.kind !== 'end') tokens.fail(`expected the end before '${tokens.next.text}'`);
  return { initial, registers, arrays, threads, ...asked };
}

/** Whether a thread begins here; what it returns may stand before its name. */
function threadAhead(tokens: Tokens): boolean {
  if (typeAhead(tokens)) skipType(tokens);
  return /^P\d+$/.test(tokens.next.text);
}

/** Blanks everything before the initial values: comments, and notes of the tools that write tests. Keeps line numbers. */
function withoutHeader(text: string): string {
  const header = /^(?:\(\*[\s\S]*?\*\)|"[^"\n]*"|[^{])*/.exec(text)?.[0] ?? '';
  return header.replace(/[^\n]/g, ' ') + text.slice(header.length);
}

/** The `Result:` of a comment; null if there is none of this kind. */
function expectedIn(text: string): Expected | null {
  const line = /^[ \t*(]*Result:[ \t]*(.*)$/m.exec(text)?.[1] ?? '';
  const answer = /^(Never|Sometimes|Always)\b/.exec(line)?.[1];
  if (answer !== 'Never' && answer !== 'Sometimes' && answer !== 'Always') return null;
  return { answer, race: /\bDATARACE\b/.test(line) };
}

/** The observation in herd's output; null if the text is something else. */
export function observationIn(text: string): Expected | null {
  const answer = /^Observation \S.* (Never|Sometimes|Always) \d/m.exec(text)?.[1];
  if (answer !== 'Never' && answer !== 'Sometimes' && answer !== 'Always') return null;
  return { answer, race: /^Flag data-race$/m.test(text) };
}

type Initial = Pick<LitmusTest, 'initial' | 'registers' | 'arrays'>;

/** `x=1; int y=2; int *z=x; int a[2]={1,2}; 0:r1=y; spinlock_t l;`: a name on the right is an address. */
function initialState(tokens: Tokens): Initial {
  const initial = new Map<string, Value>();
  const registers = new Map<number, Map<string, Value>>();
  const arrays = new Map<string, number>();
  tokens.expect('{');
  while (!tokens.accept('}')) {
    if (tokens.accept(';')) continue;
    const typed = typeAhead(tokens);
    if (typed) skipType(tokens);
    const own = tokens.next.kind === 'number' ? tokens.number() : null;
    if (own !== null) tokens.expect(':');
    const bracket = tokens.accept('[');
    const name = tokens.name('a location');
    if (bracket) tokens.expect(']');
    if (tokens.accept('[')) {
      element(tokens, name, typed, { initial, arrays });
      continue;
    }
    const value = tokens.accept('=') ? initialValue(tokens) : 0;
    if (own === null) {
      initial.set(name, value);
      continue;
    }
    const thread = registers.get(own) ?? new Map<string, Value>();
    registers.set(own, thread.set(name, value));
  }
  return { initial, registers, arrays };
}

interface Arrays {
  readonly initial: Map<string, Value>;
  readonly arrays: Map<string, number>;
}

/** The largest array of a test. */
const ELEMENTS_MAX = 64;

/** The rest of `int a[2]`, `int a[2]={1,2}`, or `a[1]=2`. */
function element(tokens: Tokens, name: string, typed: boolean, { initial, arrays }: Arrays): void {
  const number = tokens.next.text === ']' ? 0 : tokens.number();
  if (number < 0 || number > ELEMENTS_MAX)
    tokens.fail(`an array has at most ${ELEMENTS_MAX} elements`);
  tokens.expect(']');
  const base = addressOf(name);
  const values: Value[] = [];
  const assigned = tokens.accept('=');
  if (assigned && tokens.accept('{')) {
    while (!tokens.accept('}')) {
      values.push(initialValue(tokens));
      tokens.accept(',');
    }
  } else if (assigned) {
    initial.set(elementOf(base, number).location, initialValue(tokens));
  }
  values.forEach((value, i) => initial.set(elementOf(base, i).location, value));
  const length = Math.max(typed ? number : number + 1, values.length, arrays.get(name) ?? 0);
  arrays.set(name, length);
  if (!initial.has(name)) initial.set(name, 0);
}

function initialValue(tokens: Tokens): Value {
  if (tokens.accept('(')) {
    skipType(tokens);
    tokens.expect(')');
  }
  if (tokens.next.kind !== 'name' && tokens.next.text !== '&') return tokens.number();
  tokens.accept('&');
  const name = tokens.name('a location');
  if (/^ATOMIC(_LONG)?_INIT$|^__SPIN_LOCK_UNLOCKED$/.test(name)) return initialiser(tokens);
  return addressOf(name);
}

function initialiser(tokens: Tokens): number {
  tokens.expect('(');
  const value = tokens.next.kind === 'name' ? 0 : tokens.number();
  if (tokens.next.kind === 'name') tokens.take();
  tokens.expect(')');
  return value;
}

function thread(tokens: Tokens, number: number): Thread {
  const name = tokens.take().text;
  if (name !== `P${number}`) tokens.fail(`expected P${number}, not ${name}`);
  tokens.expect('(');
  const parameters: string[] = [];
  while (!tokens.accept(')')) {
    if (!typeAhead(tokens)) {
      if (/_t$/.test(tokens.next.text)) tokens.fail(`${tokens.next.text} is not supported`);
      tokens.fail(`expected a type before '${tokens.next.text}'`);
    }
    skipType(tokens);
    if (tokens.next.kind === 'name') parameters.push(tokens.take().text);
    if (tokens.accept('[')) {
      if (tokens.next.kind === 'number') tokens.take();
      tokens.expect(']');
    }
    tokens.accept(',');
  }
  return { name, parameters, body: block(tokens) };
}
