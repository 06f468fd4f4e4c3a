// SPDX-License-Identifier: GPL-2.0-only
/** Parses stacks as V8 writes them: which frames belong to the program under test, and the names of its functions. */
import { type Frame, stackText } from '../machine';

/** One line of a V8 stack that has a place in a file. */
export interface StackFrame extends Frame {
  /** Path as the stack has it. */
  readonly path: string;
  readonly column: number;
  /** The frame is a generator that was resumed, not the call that made it. */
  readonly resumed: boolean;
}

export interface FrameRules {
  /** Files to judge although they are outside of a kata's folder: the argument of --driver. */
  readonly drivers?: readonly string[];
  /** Whether a file belongs to the program under test; by default what is in katas/ and solutions/, and the drivers. */
  readonly isProgram?: (path: string) => boolean;
}

/** All frames of a stack, innermost first. Lines without a place in a file are left out. */
export function parseStack(stack: string): StackFrame[] {
  const frames: StackFrame[] = [];
  const lines = stackText(stack).split('\n');
  lines.forEach((line, i) => {
    const frame = frameOf(line, (lines[i + 1] ?? '').endsWith(RESUMED));
    if (frame !== null) frames.push(frame);
  });
  return frames;
}

/** Parsed lines, called and resumed. All stacks of a program repeat the same few hundred lines. */
const read = [new Map<string, StackFrame | null>(), new Map<string, StackFrame | null>()] as const;

/** Forget the parsed lines beyond this many: a process that watches drivers loads many programs. */
const READ_MAX = 10_000;

function frameOf(line: string, resumed: boolean): StackFrame | null {
  const known = read[resumed ? 1 : 0];
  let frame = known.get(line);
  if (frame === undefined) {
    frame = parseLine(line, resumed);
    if (known.size >= READ_MAX) known.clear();
    known.set(line, frame);
  }
  return frame;
}

/** The frames of the program under test, innermost first. */
export function programFrames(stack: string, rules: FrameRules = {}): StackFrame[] {
  return parseStack(stack).filter(({ path }) => isProgram(path, rules));
}

/** Whether a file belongs to the program under test. */
export function isProgram(path: string, rules: FrameRules): boolean {
  if (rules.isProgram !== undefined) return rules.isProgram(path);
  if (path.startsWith('node:') || path.includes('/node_modules/')) return false;
  return KATA.test(path) || (rules.drivers ?? []).some((driver) => sameFile(path, driver));
}

/** A file in a kata's folder, NN-slug, or in the folder of its solutions, or a world that katas share. */
const KATA = /(?:^|\/)(?:(?:katas|solutions)\/\d+-[^/]+\/(.+)|katas\/(worlds\/[\w-]+\.\w+))$/;

function sameFile(path: string, driver: string): boolean {
  const wanted = slashes(driver).replace(/^\.\//, '');
  return path === wanted || path.endsWith(`/${wanted}`);
}

function slashes(path: string): string {
  return path.replace(/^file:\/\//, '').replace(/\\/g, '/');
}

/** `    at rbd_put_client (/home/me/katas/01-rbd-put-client/rbd.ts:88:10)`, or without a name and the parentheses. */
const LINE = /^\s*at (?:async )?(?:(.*?) \()?(?!eval at )(.+?):(\d+):(\d+)\)?$/;

/** The frame that V8 puts between a generator and its caller. */
const RESUMED = '.next (<anonymous>)';

function parseLine(text: string, resumed: boolean): StackFrame | null {
  const match = LINE.exec(text);
  if (match === null) return null;
  const [, name = '', file = '', line = '', column = ''] = match;
  const path = slashes(file);
  return {
    name: shortName(name),
    file: shortFile(path),
    path,
    line: Number(line),
    column: Number(column),
    resumed,
  };
}

/** Strips what V8 puts around a function's own name: `Object.`, `new`, `[as alias]`, `.next`. */
function shortName(name: string): string {
  const bare = name
    .replace(/ \[as [^\]]*\]$/, '')
    .replace(/^(?:new|get|set) /, '')
    .replace(/\.next$/, '')
    .replace(/^.*\./, '');
  return UNNAMED.has(bare) ? ANONYMOUS : bare;
}

/** The name of a function without one. */
export const ANONYMOUS = '<anonymous>';

/** What V8 calls such a function, in a file and in a driver's text. */
const UNNAMED = new Set(['', ANONYMOUS, 'eval']);

/** The name of a file in reports: relative to the kata's folder, a world as `worlds/rbd.ts`, any other file by its base name. */
export function shortFile(path: string): string {
  const [, own, world] = KATA.exec(path) ?? [];
  return own ?? world ?? path.slice(path.lastIndexOf('/') + 1);
}
