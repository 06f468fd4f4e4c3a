// SPDX-License-Identifier: GPL-2.0-only
/** The text that the linker makes of a driver, and what it does when it runs. */
import fs from 'node:fs';
import path from 'node:path';
import { libNames } from './fixtures/lib-names';
import {
  formatDiagnostic,
  instantiate,
  linkDriver,
  type LinkedDriver,
  missingExports,
} from './index';

function link(source: string): LinkedDriver {
  const linked = linkDriver(source, 'driver.ts', libNames);
  if (!linked.ok) throw new Error(linked.diagnostics.map(formatDiagnostic).join('\n'));
  return linked;
}

function refusal(source: string): string[] {
  const linked = linkDriver(source, 'driver.ts', libNames);
  return linked.ok ? [] : linked.diagnostics.map(formatDiagnostic);
}

const lib = Object.fromEntries(
  [...libNames.libExports].map((name) => [
    name,
    (...args: unknown[]): unknown => ({ name, args, value: args[1] }),
  ]),
);

type Exports = Readonly<Record<string, (...args: unknown[]) => unknown>>;

function run(source: string, tick: (line: number) => void = () => undefined): Exports {
  // Every export of these little drivers is a function.
  return instantiate(link(source), { lib, tick, fileName: 'driver.ts' }) as Exports;
}

const PROBE = `// a driver
import { static_var as declare,
  type Op } from '#lib';
const users = declare('users', 0); // shared
export function* probe(n: number): Op<number> {
  for (let i = 0; i < n; i++) users.value++;
  const twice = (x: number) => ({ x: x * 2 });
  return twice(users.value).x;
}
export { users as statics };
`;

describe('a linked driver', () => {
  it('is one function expression, line for line the source', () => {
    expect(
      link(PROBE)
        .code.split('\n')
        .map((line) => line.trimEnd()),
    ).toMatchInlineSnapshot(`
      [
        "(function (__lib, __tick, __freeze, console, __enter, __leave) { "use strict"; { const { static_var: declare } = __lib; __freeze(probe);",
        "",
        "",
        "const users = declare('users', 0);",
        "       function* probe(n        )             {__tick(5);",
        "  for (let i = 0; i < n; i++) {__tick(6);users.value++;}",
        "  const twice = (x        ) => ((__tick(7),{ x: x * 2 }));",
        "  return twice(users.value).x;",
        "}",
        "",
        "",
        " return __freeze({ __proto__: null, probe: probe, statics: users }); } })",
      ]
    `);
    expect(link(PROBE).exports).toEqual(['probe', 'statics']);
  });

  it('marks where its functions begin and end if it can put something on a stack, under any name', () => {
    const { code } = link(`import { DECLARE_COMPLETION_ONSTACK as declare, type Op } from '#lib';
const inner = (name: string) => declare(name);
export const probe = function* (): Op<void> { const done = yield* inner('done'); return; };
`);
    expect(code.split('\n').slice(1, 3)).toMatchInlineSnapshot(`
      [
        "const inner = (name        ) => (__tick(2),declare(name));",
        "       const probe = function* ()           {__tick(3);const __depth=__enter();try{ const done = yield* inner('done'); return; }finally{__leave(__depth);}};",
      ]
    `);
  });

  it('keeps every line of every innocent driver where it was', () => {
    const folder = path.join(__dirname, 'fixtures', 'innocent');
    for (const name of fs.readdirSync(folder)) {
      const source = fs.readFileSync(path.join(folder, name), 'utf8');
      const { code } = link(source);
      expect(code.split('\n').length).toBe(source.split('\n').length + 1);
      expect(() =>
        instantiate(link(source), { lib, tick: () => undefined, fileName: name }),
      ).not.toThrow();
    }
  });

  it('handles comments anywhere', () => {
    const { f } = run(
      'import /* a */ { kfree /* b\n */ } from "#lib"; export /* c */ const /* d */ q = /* e */ 1; // f\nexport { /* g */ f /* h */ }; /* i */ function f() { return [kfree, q]; }',
    );
    expect(f?.()).toEqual([lib['kfree'], 1]);
  });

  it('declares a function before a static is made with it', () => {
    const told: object[] = [];
    const asked: boolean[] = [];
    const ask = (_name: string, func: object): object => {
      asked.push(told.includes(func));
      return {};
    };
    const source = `import { static_var } from '#lib';
const work = static_var('work', handler);
const other = static_var('other', function* () {});
function* handler() { return [work, other]; }
`;
    const host = { lib: { ...lib, static_var: ask }, tick: () => undefined, fileName: 'd.ts' };
    instantiate(link(source), { ...host, declared: (func) => told.push(func) });
    expect(asked).toEqual([true, true]);
  });

  it('behaves as the source says', () => {
    const { probe } = run(PROBE);
    expect((probe?.(3) as Iterator<unknown>).next()).toEqual({ done: true, value: 6 });
  });

  it('names the exports that are missing', () => {
    expect(missingExports(link(PROBE), ['probe', 'remove', 'statics', 'toString'])).toEqual([
      'remove',
      'toString',
    ]);
  });

  it('returns frozen exports and frozen functions', () => {
    const driver = run(
      'export const ops = Object.freeze({ open: function* () {} });\nexport const f = () => ops;\nexport function hide() { const all = [hide]; for (const x of all) (x as { n?: number }).n = 1; }',
    );
    expect(Object.isFrozen(driver)).toBe(true);
    expect(Object.isFrozen(driver['f'])).toBe(true);
    expect(() => driver['hide']?.()).toThrow(TypeError);
  });

  it('shows file and line in the stack of an exception', () => {
    const { crash } = run('export function crash(): void {\n\n  null!.x;\n}');
    let stack = '';
    try {
      crash?.();
    } catch (error) {
      stack = error instanceof Error ? String(error.stack) : '';
    }
    expect(stack).toMatch(/at crash \(driver\.ts:3:\d+\)/);
  });

  it('does not let the source rename itself', () => {
    const { code } = link('export const a = 1;\n//# sourceURL=other.ts\n/*# sourceMappingURL=x */');
    expect(code).not.toMatch(/source(?:URL|MappingURL)/);
  });

  it('keeps the values of strings and names that a sandbox would refuse', () => {
    const { words } = run(
      "export function words(): unknown[] { const o = { eval: 1, import(x: number) { return x; } }; return [`import(${o.eval}) <!--`, 'eval(1) -->', /^import-->$/.test('import-->'), o.import(2)]; }",
    );
    expect(words?.()).toEqual(['import(1) <!--', 'eval(1) -->', true, 2]);
    expect(link("export const a = 'import(1) eval(2) <!-- -->';").code).not.toMatch(
      /import\(|eval\(|<!--|-->/,
    );
  });

  it('separates what a script would parse as an HTML comment', () => {
    const { count } = run(
      'export function count(n: number): number { let s = 0; while (n --> 0) s++; while (s-->5); s++; return s; }',
    );
    expect(count?.(3)).toBe(3);
  });
});

describe('the guard', () => {
  const endless = [
    'while (true);',
    'for (;;) {}',
    'do n++; while (n)',
    'for (const x of (function* () { for (;;) yield 1; })()) x;',
    'const f = (): void => f(); f();',
    'const f = (): object => ({ g: f() }); f();',
    '[1].forEach(function g() { g(); });',
    'const o = { get x(): number { return o.x; } }; o.x;',
  ];
  it.each(endless)('stops %s', (body) => {
    const lines: number[] = [];
    const { spin } = run(`export function spin(n = 1): void {\n  ${body}\n}`, (line) => {
      lines.push(line);
      if (lines.length > 100) throw new Error(`stuck at line ${line}`);
    });
    expect(() => spin?.()).toThrow('stuck at line 2');
    expect(lines[0]).toBe(1);
  });
});

describe('odd text', () => {
  it.each([
    ['an empty file', '', []],
    ['a byte order mark', '\ufeffexport const a = 1;', []],
    ['CRLF', 'export const a: number = 1;\r\nexport const b =\r\n  a;\r\n', []],
    [
      'CRLF with an error',
      'const a = 1;\r\n  let b;\r\n',
      [
        "driver.ts:2:3: 'let' at file scope is state the machine cannot see; write const b = static_var('b', value) (hidden-state)",
      ],
    ],
    [
      'a NUL byte',
      'const a = 1;\nconst b = "\0";',
      [
        'driver.ts:2:12: the file contains a NUL byte, which does not belong in source text; delete it (text)',
      ],
    ],
    [
      'half a surrogate pair',
      'const a = "\ud800";',
      [
        'driver.ts:1:12: the file contains half a surrogate pair (invalid UTF-16), which does not belong in source text; delete it (text)',
      ],
    ],
    [
      'bytes that are not UTF-8',
      'const a = "\ufffd";',
      [
        'driver.ts:1:12: here are bytes that are not UTF-8, shown as U+FFFD; delete them, or save the file as UTF-8 (text)',
      ],
    ],
    ['a whole surrogate pair', 'export const a: "😀é漢" = "😀é漢";', []],
    [
      'a line separator',
      'const a = "\u2028";',
      [
        'driver.ts:1:12: the file contains the character U+2028, which does not belong in source text; delete it (text)',
      ],
    ],
    [
      'a lone CR',
      'const a = 1;\rconst b = 2;',
      [
        'driver.ts:1:13: the file contains a carriage return without a line feed, which does not belong in source text; delete it (text)',
      ],
    ],
    [
      'a script',
      '#!/usr/bin/env node\n',
      ["driver.ts:1:1: a driver is not a script; delete the '#!' line (text)"],
    ],
    [
      '1 MB',
      '// x\n'.repeat(200_000),
      [
        'driver.ts:1:1: the file is 1000000 bytes long, and a driver may have at most 65536; keep only the driver in it (text)',
      ],
    ],
    ['64 KiB', `${'/'.repeat(65_535)}\n`, []],
  ])('%s', (_name, source, expected) => {
    expect(refusal(source)).toEqual(expected);
  });

  it.each([
    '('.repeat(30_000),
    '[]'.repeat(30_000),
    '()=>'.repeat(16_000),
    'if(a);else '.repeat(5_000),
    '!'.repeat(60_000),
    '`${'.repeat(9_000),
    'type A=' + 'B<'.repeat(9_000),
  ])('is refused when nested too deeply, without affecting the next file', (source) => {
    expect(refusal(source)).toEqual([
      expect.stringMatching(/^driver\.ts:1:\d+: this is nested too deeply.*\(text\)$/),
    ]);
    expect(refusal('export const a: number = 1;')).toEqual([]);
  });

  it('accepts a long list of imports', () => {
    const names = Array.from({ length: 200 }, (_, i) => `name_${i}`);
    const linked = linkDriver(`import {\n  ${names.join(',\n  ')},\n} from '#lib';`, 'driver.ts', {
      ...libNames,
      libExports: new Set(names),
    });
    expect(linked.ok).toBe(true);
  });
});
