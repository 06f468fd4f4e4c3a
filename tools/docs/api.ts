// SPDX-License-Identifier: GPL-2.0-only
/** The part of TypeDoc's JSON that the tests of the site read. */

export interface Name {
  readonly id: number;
  readonly name: string;
  readonly kind: number;
  readonly signatures?: readonly Signature[];
  readonly type?: Type;
}
interface Signature {
  readonly comment?: Commented;
  readonly parameters?: readonly Parameter[];
  readonly type?: Type;
}
interface Parameter {
  readonly name: string;
  readonly comment?: Commented;
  readonly type: Type;
}
interface Commented {
  readonly summary?: readonly Text[];
  readonly blockTags?: readonly { readonly tag: string; readonly content: readonly Text[] }[];
}
interface Text {
  readonly text: string;
}
interface Type {
  readonly type: string;
  readonly name?: string;
  readonly value?: unknown;
  readonly target?: unknown;
  readonly types?: readonly Type[];
  readonly typeArguments?: readonly Type[];
  readonly declaration?: { readonly signatures?: readonly unknown[] };
}

export interface Api {
  readonly children: readonly Name[];
}

const FUNCTION = 64;

/** All exported functions. */
export function functionsOf({ children }: Api): Name[] {
  return children.filter(({ kind }) => kind === FUNCTION);
}

/** The texts of a tag, over all overloads of a function. */
export function tag({ signatures = [] }: Name, name: string): string[] {
  return signatures.flatMap(({ comment }) =>
    (comment?.blockTags ?? [])
      .filter((block) => block.tag === name)
      .map(({ content }) => textOf(content)),
  );
}

/** Whether a call returns something, directly or after it has run. */
export function givesSomething({ signatures = [] }: Name): boolean {
  return signatures.some(({ type }) => {
    const given = type?.name === 'Op' ? type.typeArguments?.[0] : type;
    return given?.type !== 'intrinsic' || !['void', 'never'].includes(given.name ?? '');
  });
}

/**
 * The parameters of a function that need a text but have none: numbers, strings, booleans, functions, and parameters that may be
 * NULL. A structure's type is enough. `_flags` is ignored: a `@divergence` explains it.
 */
export function unexplained(api: Api, { signatures = [] }: Name): string[] {
  return signatures.flatMap(({ parameters = [] }) =>
    parameters
      .filter(({ name, type }) => !name.startsWith('_') && !tells(api, type))
      .filter(({ comment }) => textOf(comment?.summary ?? []).trim() === '')
      .map(({ name }) => name),
  );
}

/** Whether a type alone explains the parameter. */
function tells(api: Api, type: Type): boolean {
  switch (type.type) {
    case 'intrinsic':
    case 'reflection':
      return false;
    case 'literal':
      return type.value !== null;
    case 'union':
      return (type.types ?? []).every((one) => tells(api, one));
    case 'reference': {
      // The name of an alias: of `number`, or of a function.
      const alias = api.children.find(({ id, kind }) => id === type.target && kind === TYPE_ALIAS);
      return alias?.type === undefined || tells(api, alias.type);
    }
    default:
      return true;
  }
}

const TYPE_ALIAS = 2_097_152;

function textOf(content: readonly Text[]): string {
  return content.map(({ text }) => text).join('');
}
