// SPDX-License-Identifier: GPL-2.0-only
/** The files of a kata that is still to be written. Every `TODO: ` says what belongs in its place, and the self-check repeats it. */
import { portPatch } from '../../answers/shipped';
import { sha256 } from '../../answers/text';

/** What the author has decided so far. */
export interface Named {
  /** NN-slug. */
  readonly id: string;
  /** Name of the driver file without `.ts`. */
  readonly driver: string;
}

/** A file of the repository and its text. */
export type File = readonly [path: string, text: string];

const LICENCE = '// SPDX-License-Identifier: GPL-2.0-only';

/** All files, those of the kata first. `hasWorld` if other katas of this driver share a world. */
export function templateFiles({ id, driver }: Named, hasWorld: boolean): File[] {
  const kata = `katas/${id}`;
  const solution = `solutions/${id}`;
  const port = portOf(driver);
  const solved = port.replace('TODO(kata)', 'TODO: solve it; here was TODO(kata)');
  return [
    [`${kata}/kata.json`, `${JSON.stringify(manifestOf({ id, driver }, port), null, 2)}\n`],
    [`${kata}/README.md`, readmeOf(id)],
    [`${kata}/hints.md`, HINTS],
    [`${kata}/${driver}.ts`, port],
    [`${kata}/scenarios.ts`, scenariosOf(driver, hasWorld)],
    [
      `${kata}/${driver}.test.ts`,
      `${LICENCE}\nimport { kataTest } from '#lib/kata/jest';\n\nkataTest(__dirname);\n`,
    ],
    [`${solution}/${driver}.ts`, solved],
    [
      `${solution}/port.patch`,
      portPatch({ id, driver: `${driver}.ts`, shipped: sha256(port) }, port, solved),
    ],
    [`${solution}/README.md`, explanationOf(id)],
  ];
}

function manifestOf({ id, driver }: Named, port: string): unknown {
  return {
    id,
    title: 'TODO: the race as a title, in a few words',
    blurb: 'TODO: what goes wrong, in one sentence for the list',
    difficulty: 'medium',
    minutes: 30,
    concepts: ['TODO: what is learnt: refcount, lookup under a lock, ...'],
    prerequisites: [],
    upstream: {
      subject: 'TODO: the first line of the commit message',
      commit: 'TODO: its id, twelve digits or more',
      file: 'drivers/TODO: the file it changes',
      link: 'https://git.kernel.org/torvalds/c/TODO: its id',
      year: 2000,
    },
    driver: `${driver}.ts`,
    exports: [`${driver}_get`, `${driver}_put`],
    shipped: sha256(port),
    tasks: [{ id: 1, title: 'TODO: what the learner must achieve', points: 100, needs: [] }],
    scenarios: { 'put-vs-get': 'TODO: the first line of its report, as npx kata test gives it' },
  };
}

function portOf(driver: string): string {
  return `${LICENCE}
/**
 * TODO: the file of the kernel, and the commit before the patch.
 *
 * TODO: what it does, in two sentences.
 */
import { type Op, static_var } from '#lib';

const ${driver}_users = static_var('${driver}_users', 0);

export function* ${driver}_get(): Op<void> {
  // TODO(kata): the story of the README happens in this function.
  ${driver}_users.value = ${driver}_users.value + 1;
}

export function* ${driver}_put(): Op<void> {
  ${driver}_users.value = ${driver}_users.value - 1;
}
`;
}

function scenariosOf(driver: string, hasWorld: boolean): string {
  const world = hasWorld ? `; use what katas/worlds/${driver}.ts says of users of the driver` : '';
  return `${LICENCE}
/** TODO: what must hold, in one sentence${world}. */
import { scenario, suite } from '#lib';

export default suite<typeof import('./${driver}')>((${driver}) => [
  scenario({
    id: 'put-vs-get',
    title: 'TODO: what must hold in every interleaving of these tasks',
    task: 1,
    kind: 'race',
    tasks: { put: () => ${driver}.${driver}_put(), get: () => ${driver}.${driver}_get() },
  }),
]);
`;
}

function readmeOf(id: string): string {
  return `# ${id.slice(0, 2)}. TODO: the title of kata.json

    TODO: the first line of the report, as somebody saw it

TODO: the symptom, as its users told it.

## The scene

TODO: the data structures, who calls what, which lock guards what. Ask questions; answer none.

## What "fixed" means

TODO: the behaviour that must hold, and what must stay as it is.

## Where this differs from Linux

TODO: what the port leaves out, and what the model does differently.
`;
}

const HINTS = `# Hints

## Hint 1

TODO: where to look

## Hint 2

TODO: what to look for

## Hint 3

TODO: which ways there are to mend it
`;

function explanationOf(id: string): string {
  return `# ${id.slice(0, 2)}. TODO: the title of kata.json, and ": why"

TODO: the rule that was broken, and why the solution keeps it.

## What does not work, and why

TODO: the patches of wrong/, in a line each.

## What upstream did, and what happened next

TODO: the commit, and those that came after it.
`;
}
