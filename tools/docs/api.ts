// SPDX-License-Identifier: GPL-2.0-only
/** What TypeDoc's JSON says of the exports, as far as the tests of the site read it. */

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

/** The functions there are. */
export function functionsOf({ children }: Api): Name[] {
  return children.filter(({ kind }) => kind === FUNCTION);
}

/** The texts of a tag, over the overloads of a function. */
export function tag({ signatures = [] }: Name, name: string): string[] {
  return signatures.flatMap(({ comment }) =>
    (comment?.blockTags ?? [])
      .filter((block) => block.tag === name)
      .map(({ content }) => textOf(content)),
  );
}

/** Whether a call gives something, at once or when it has been carried out. */
export function givesSomething({ signatures = [] }: Name): boolean {
  return signatures.some(({ type }) => {
    const given = type?.name === 'Op' ? type.typeArguments?.[0] : type;
    return given?.type !== 'intrinsic' || !['void', 'never'].includes(given.name ?? '');
  });
}

/**
 * The parameters of a function that say nothing by their type, without a text: numbers, strings, booleans, functions, and what may be NULL. A
 * structure says what it is. `_flags` is not looked at, which the model's difference to Linux tells.
 */
export function unexplained(api: Api, { signatures = [] }: Name): string[] {
  return signatures.flatMap(({ parameters = [] }) =>
    parameters
      .filter(({ name, type }) => !name.startsWith('_') && !tells(api, type))
      .filter(({ comment }) => textOf(comment?.summary ?? []).trim() === '')
      .map(({ name }) => name),
  );
}

/** Whether a type alone says what is meant. */
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
      // The name of another type: of `number`, or of a function.
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
