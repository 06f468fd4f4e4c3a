// SPDX-License-Identifier: GPL-2.0-only
/** Judges in a process of its own, for tests that judge much: Jest's way to load modules makes the same code take twice as long. */
import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import path from 'node:path';
import type { TestVerdict } from '../../lib/kata/verdict';
import type { Source } from '../answers/source';
import { repositoryRoot } from '../kata/katas';
import type { Judging } from './judge-file';

/** What the process is sent: a text, and the kata as whose driver it is judged. */
export interface Asked extends Source, Pick<Judging, 'only' | 'brief' | 'quick'> {
  readonly kata: string;
}

/** What it answers: the verdicts, or why there are none. */
export type Told = { readonly verdicts: TestVerdict[] } | { readonly problem: string };

const root = repositoryRoot();

/** Has one process, which judges one text at a time. */
export class PlainJudge {
  #child: ChildProcess | null = null;

  /** The verdict of every scenario, or of those that are wanted; rejects with the linker's sentences if the text is not a driver. */
  async judge(asked: Asked): Promise<TestVerdict[]> {
    this.#child ??= started();
    const told = await answer(this.#child, asked);
    if ('problem' in told) throw new Error(told.problem);
    return told.verdicts;
  }

  stop(): void {
    this.#child?.kill();
    this.#child = null;
  }
}

function started(): ChildProcess {
  execFileSync(process.execPath, [path.join(root, 'tools', 'house', 'build.js')]);
  // Without Jest's own flags and variables.
  const { NODE_OPTIONS: _, ...env } = process.env;
  return fork(path.join(root, 'dist', 'tools', 'selfcheck', 'judge-child.js'), {
    execArgv: [],
    env,
  });
}

function answer(child: ChildProcess, asked: Asked): Promise<Told> {
  return new Promise((resolve, reject) => {
    const died = (): void => {
      reject(new Error(`the process that judges ${asked.shown} has died`));
    };
    child.once('exit', died);
    child.once('message', (told) => {
      child.off('exit', died);
      resolve(told as Told); // the process sends nothing else
    });
    child.send(asked);
  });
}
