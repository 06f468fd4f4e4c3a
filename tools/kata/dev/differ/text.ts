// SPDX-License-Identifier: GPL-2.0-only
/** A client program as the text of a suite: the one that is run, and the one that is printed. */
import * as lib from '../../../../lib';
import type { Client } from './calls';
import type { Program } from './programs';

/** The names of tasks. */
const TASKS: readonly string[] = ['a', 'b', 'c'];

/** Types that clients name and that are not also values. */
const TYPES =
  'Op StructOf array block_device genl_info kiocb nlattrs out super_block user vfsmount';

/** The text for a call of which the client learns the value: the index is that among its task's values. */
export type Learn = (call: string, task: string, nth: number) => string;

/** The declarations that a program needs, and its scenario. */
export interface ProgramText {
  readonly declarations: string;
  readonly scenario: string;
}

/** A program as text. */
export function programText(
  client: Client,
  { tasks, failing }: Program,
  learn: Learn,
): ProgramText {
  const bodies = tasks.map((calls, i) => {
    const name = TASKS[i] ?? '';
    const lines = calls.map((call, nth) => `      ${learn(callText(client, call, i), name, nth)};`);
    return [`    *${name}(w) {`, ...lines, '    },'].join('\n');
  });
  const left = client.left.map((call, nth) => `    ${learn(call, 'check', nth)};`);
  const scenario = [
    'scenario({',
    "  id: 'differ',",
    "  title: 'what must hold',",
    '  task: 1,',
    "  kind: 'race',",
    '  setup: world,',
    ...client.options.map((line) => `  ${line}`),
    ...(failing ? [`  failures: ${JSON.stringify(client.failures)},`] : []),
    '  tasks: {',
    ...bodies,
    '  },',
    '  *check(w) {',
    ...left,
    '  },',
    '})',
  ].join('\n');
  return { declarations: needed(client.text, `${scenario} world`), scenario };
}

function callText(client: Client, call: number, i: number): string {
  return (client.calls[call] ?? '').replace(/\bi\b/g, String(i));
}

/** The declarations that a text comes to use, and those that they use themselves. */
function needed(text: string, used: string): string {
  const all = text.split(/^(?=[a-z])/m);
  const taken = new Set<string>();
  const from = [used];
  for (let at = from.pop(); at !== undefined; at = from.pop()) {
    for (const declaration of all) {
      const name = /^(?:function\*?|interface|type|const) (\w+)/.exec(declaration)?.[1] ?? '';
      if (taken.has(declaration) || !mentions(at, name)) continue;
      taken.add(declaration);
      from.push(declaration);
    }
  }
  return all
    .filter((declaration) => taken.has(declaration))
    .join('')
    .trimEnd();
}

function mentions(text: string, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(text);
}

/** The names of '#lib' in a text, as values: not those of its own declarations. */
export function libNames(text: string): string[] {
  const own = new Set(
    [...text.matchAll(/\b(?:const|let|function\*?) (\w+)/g)].map(([, name]) => name),
  );
  return Object.keys(lib).filter((name) => mentions(text, name) && !own.has(name));
}

/** A whole scenarios.ts: who pastes the scenario into another one takes the declarations along. */
export function suiteText(file: string, { declarations, scenario }: ProgramText): string {
  const text = `${declarations}\n${scenario}`;
  const values = [...new Set(['suite', ...libNames(text)])];
  const types = TYPES.split(' ').filter((name) => !values.includes(name) && mentions(text, name));
  const names = [...values, ...types.map((name) => `type ${name}`)].sort();
  return [
    `import { ${names.join(', ')} } from '#lib';`,
    '',
    `export default suite<typeof import('./${file.replace(/\.ts$/, '')}')>((driver) => {`,
    indented(declarations, 2),
    '',
    '  return [',
    `${indented(scenario, 4)},`,
    '  ];',
    '});',
  ].join('\n');
}

function indented(text: string, by: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(by));
}
