// SPDX-License-Identifier: GPL-2.0-only
/** Checks the types of drivers with the compiler itself, in a worker that is started when somebody asks. */
import { DriverTypes, type TypeFiles } from '../../tools/kata/driver-types';
import type { TypeProblem } from '../../tools/kata/type-problem';

/** The first message: the files of the library, by their names below ROOT. Each later one: a driver. */
export type TypesSent =
  { readonly files: Readonly<Record<string, string>> } | { readonly driver: string };

/** The answer to each driver. */
export interface TypesAnswer {
  readonly problems: readonly TypeProblem[];
}

const ROOT = '/kata';
const DRIVER = `${ROOT}/driver.ts`;

let types: DriverTypes | null = null;

addEventListener('message', ({ data }: MessageEvent<TypesSent>) => {
  if ('files' in data) {
    types = new DriverTypes(filesIn(data.files));
    return;
  }
  const problems = types?.problems(new Map([[DRIVER, data.driver]])).get(DRIVER) ?? [];
  postMessage({ problems } satisfies TypesAnswer);
});

function filesIn(texts: Readonly<Record<string, string>>): TypeFiles {
  const files = new Map(Object.entries(texts).map(([name, text]) => [`${ROOT}/${name}`, text]));
  return {
    root: ROOT,
    standard: `${ROOT}/typescript`,
    has: (name) => files.has(name),
    read: (name) => files.get(name),
  };
}
