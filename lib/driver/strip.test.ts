// SPDX-License-Identifier: GPL-2.0-only
/** Types become blanks. Nothing else changes: neither places nor the meaning of a line that ends without a semicolon. */
import { formatDiagnostic } from './diagnostic';
import { stripTypes } from './strip';

function strip(source: string): string {
  const stripped = stripTypes(source, 'driver.ts');
  return stripped.ok ? stripped.code : stripped.diagnostics.map(formatDiagnostic).join('\n');
}

/** Dots stand for the blanks at the end of a line, which an editor would remove. */
const shown = (code: string): string =>
  code.replace(/ +$/gm, (blanks) => '.'.repeat(blanks.length));

it.each([
  // Annotations, parameters, variables
  ['let a: number = 1, b: string;', 'let a         = 1, b        ;'],
  ['let a!: number;', 'let a         ;'],
  [
    'const f = (a?: number, ...b: string[]): void => {};',
    'const f = (a         , ...b          )       => {};',
  ],
  [
    'function f(this: Dev, a = 1 as u8, [b]: [u8] = [1]) {}',
    'function f(           a = 1      , [b]       = [1]) {}',
  ],
  ['function f(this: Dev) {}', 'function f(         ) {}'],
  [
    'function* g<T extends (a: 1) => 2>(x: T): Op<T> { return x!; }',
    'function* g                       (x   )        { return x ; }',
  ],
  ['function f(a /* ? */ ?: number) {}', 'function f(a /* ? */          ) {}'],
  [
    'const o = { m<T>(x: T): x is T { return x; } };',
    'const o = { m   (x   )         { return x; } };',
  ],
  [
    'for (const x of y as Y[]) {} for (let i = 0 as u8; i < 1; i++) {}',
    'for (const x of y       ) {} for (let i = 0      ; i < 1; i++) {}',
  ],
  // Expressions
  [
    'f<A>(x as B, y satisfies C, z!); new M<A>(); const g = f<A>;',
    'f   (x     , y            , z ); new M   (); const g = f   ;',
  ],
  ['(x as any as T).y = (a!)[b!]!.c;', '(x            ).y = (a )[b ] .c;'],
  ['a < b; c > (d);', 'a < b; c > (d);'],
  // Imports and exports
  [
    "import { type A, b, type C as D, } from '#lib';",
    "import {         b,              } from '#lib';",
  ],
  ["import { b, type C } from '#lib';", "import { b,        } from '#lib';"],
  ["import type { A } from '#lib';", '.'.repeat(30)],
  [
    'let c; type A = 1; export type { A }; export { type A as B, c };',
    'let c;                                export {              c };',
  ],
  [
    'export interface A { x: 1 } export type B = 1; export declare const c: 1; export const d = 1;',
    `${' '.repeat(74)}export const d = 1;`,
  ],
  // Overloads and declarations without code
  [
    'export function f(): void; export function f(a?: 1): void {}',
    '                           export function f(a    )       {}',
  ],
  [
    'declare function f(): void; declare enum E { A } declare namespace N {} declare global {}',
    '.'.repeat(89),
  ],
])('%s', (source, expected) => {
  expect(shown(strip(source))).toBe(expected);
  expect(strip(source)).toHaveLength(source.length);
});

it.each([
  // Whatever ends a statement in TypeScript also ends it in the result.
  ['const a = b as T\n(c)', 'const a = b    ;\n(c)'],
  ['const a = b as T\nc()', 'const a = b.....\nc()'],
  ['x = y\ntype A = 1\n[z] = w', 'x = y\n;.........\n[z] = w'],
  ['x = y\ninterface A {\n}\ntype B = 1\n`z`', 'x = y\n.............\n.\n;.........\n`z`'],
  ['const f = g<T>\n[1]', 'const f = g  ;\n[1]'],
  // In both, a call continues over the end of a line.
  ['a = b!\n(c)', 'a = b.\n(c)'],
  // No line may end before an arrow, nor between return and its value.
  ['const f = (a): {\n  b: 1;\n} => a;', 'const f = (a....\n.......\n) => a;'],
  [
    'return_: { const f = <\n  T,\n>(a: T) => a; }',
    'return_: { const f = (\n....\n  a   ) => a; }',
  ],
  [
    'const f = async <\n  T,\n>(a /* ) */): Promise<\n  T> => a;',
    'const f = async (\n....\n  a /* ) */...........\n   ) => a;',
  ],
])('keeps the meaning of line ends: %j', (source, expected) => {
  expect(shown(strip(source))).toBe(expected);
});

it.each([
  ['f()\nint n = 0;', "driver.ts:2:1: this is C; write const n = static_var('n', 0); (syntax)"],
  ['f(a b);', "driver.ts:1:5: ',' is expected here, and not 'b' (syntax)"],
  [
    'f(',
    "driver.ts:1:2: this '(' is never closed, and the file ends too early; write ')' where it belongs (syntax)",
  ],
  [
    'export = f;',
    'driver.ts:1:1: export = is not supported; put the word export before each function or constant (typescript)',
  ],
  [
    'enum A {}\nenum B {}',
    'driver.ts:1:1: there is no enum here; write one const per value, as in: const CLOSED = 0 (typescript)\ndriver.ts:2:1: there is no enum here; write one const per value, as in: const CLOSED = 0 (typescript)',
  ],
])('refuses with place and sentence: %j', (source, expected) => {
  expect(strip(source)).toBe(expected);
});

it('keeps the parts of a class that later checks must see', () => {
  const source =
    'abstract class A<T> extends B implements C {\n  x: number = 1; abstract y(): void; }';
  expect(shown(strip(source))).toBe(
    `${' '.repeat(9)}class A${' '.repeat(27)}{\n${' '.repeat(37)}}`,
  );
});
