// SPDX-License-Identifier: GPL-2.0-only
/** What each family makes of a small function: the whole function, or what is between its braces. */
import { mutated, parseDriver } from '../driver';
import { MUTATORS } from './index';

/** The bodies of `f` in all mutants of a family. */
function made(family: string, body: string, rest = ''): string[] {
  const head = "import { READ_ONCE } from '#lib';\n";
  const text = `${head}${rest}\nfunction* f(a, b, md) { ${body} }\n`;
  const driver = parseDriver(text);
  const fn = driver.functions.find(({ name }) => name === 'f');
  if (fn === undefined) throw new Error('there is no f()');
  return (MUTATORS[family]?.(fn, driver) ?? []).map((mutation) =>
    mutated(driver, mutation)
      .replace(/[^]*function\* f\(a, b, md\) \{(.*)\}[^]*/, '$1')
      .replace(/\s+/g, ' ')
      .trim(),
  );
}

/** Family, body, and the mutated bodies. */
it.each([
  ['dropped', 'yield* kref_put(a); a.x = 1;', ['a.x = 1;', 'yield* kref_put(a);']],
  ['doubled', 'yield* kref_put(a); a.x = 1;', ['yield* kref_put(a); yield* kref_put(a); a.x = 1;']],
  ['order', 'one(); two();', ['two(); one();']],
  ['order', 'const x = one(); two(x);', []],
  [
    'siblings',
    'return yield* kref_get_unless_zero(a.kref);',
    ['return ((yield* kref_get(a.kref)), true);'],
  ],
  [
    'siblings',
    'return yield* refcount_dec_and_lock(a.n, b);',
    ['return ((yield* refcount_dec_and_test(a.n)) && ((yield* spin_lock(b)), true));'],
  ],
  ['siblings', "return yield* READ_ONCE(a, 'n');", ['return a.n;']],
  ['siblings', "yield* WRITE_ONCE(a, 'n', 1);", ['(a.n = 1);']],
  ['siblings', 'use(GFP_ATOMIC);', ['use(GFP_KERNEL);']],
  ['siblings', 'kmalloc(t, GFP_KERNEL);', []],
  ['siblings', 'mempool_alloc(p, GFP_KERNEL);', ['mempool_alloc(p, GFP_ATOMIC);']],
  ['order', 'a.x = 1; b.y = 2;', []],
  ['order', 'a.x = 1; b.y = a.x;', ['b.y = a.x; a.x = 1;']],
  ['order', 'a.x = 1; b.x = 2;', ['b.x = 2; a.x = 1;']],
  ['order', 'a.n--; a.list = b;', []],
  ['order', 'const p = a.top; if (b.y) b.y = 0;', []],
  ['order', 'let r; yield* get(a); r = -EBUSY;', []],
  ['order', 'yield* get(a); BUG_ON(b !== null);', []],
  [
    'order',
    'let r; for (;;) { if (a) continue; r = 1; }',
    ['let r; for (;;) { r = 1; if (a) continue; }'],
  ],
  [
    'order',
    'const m = { value: 0 }; yield* get(m); const n = m.value; yield* get(a);',
    ['const m = { value: 0 }; const n = m.value; yield* get(m); yield* get(a);'],
  ],
  [
    'order',
    'const o = yield* kzalloc(t, G); if (o === null) return; o.x = 1; yield* kref_init(o.kref);',
    ['const o = yield* kzalloc(t, G); o.x = 1; if (o === null) return; yield* kref_init(o.kref);'],
  ],
  [
    'order',
    'const o = yield* kzalloc(t, G); list_add(o.node, a); o.x = 1; yield* kref_init(o.kref);',
    [
      'const o = yield* kzalloc(t, G); o.x = 1; list_add(o.node, a); yield* kref_init(o.kref);',
      'const o = yield* kzalloc(t, G); list_add(o.node, a); yield* kref_init(o.kref); o.x = 1;',
    ],
  ],
  ['order', 'a.x = 1; yield* kref_init(a.kref);', ['yield* kref_init(a.kref); a.x = 1;']],
  ['doubled', 'const o = yield* kmalloc(t, G); yield* kref_init(o.kref);', []],
  ['doubled', 'yield* kref_init(a.kref);', ['yield* kref_init(a.kref); yield* kref_init(a.kref);']],
  ['siblings', 'yield* wake_up_all(a.wait);', ['(yield* wake_up(a.wait));']],
  ['conditions', 'if (a) b();', ['if (!(a)) b();', 'if (true) b();', 'if (false) b();']],
  ['conditions', 'return a < b;', ['return a <= b;']],
  ['conditions', 'return a && b;', ['return (a);', 'return (b);']],
  [
    'conditions',
    'if ((yield* g()) < 0) return;',
    [
      'if (!((yield* g()) < 0)) return;',
      'if ((((yield* g()) < 0), true)) return;',
      'if ((((yield* g()) < 0), false)) return;',
      'if ((yield* g()) <= 0) return;',
    ],
  ],
  ['loops', 'do { a(); } while (b());', ['do { a(); } while (false);']],
  ['loops', 'while (b()) a();', ['if (b()) do a(); while (false);']],
  ['loops', 'for (;;) { a(); }', ['do { a(); } while (false);']],
  ['results', 'return -EINVAL;', ['return -ENOMEM;']],
  ['results', 'return -ENOMEM;', ['return -EINVAL;']],
  ['results', 'return err;', ['return 0;']],
])('%s: %s', (family, body, expected) => {
  expect(made(family, body)).toEqual(expected);
});

it('takes another lock of the same kind in the whole function', () => {
  const locks = ['a_lock', 'b_lock'].map((name) => `const ${name} = DEFINE_SPINLOCK('${name}');`);
  const mutex = "const c_lock = DEFINE_MUTEX('c_lock');";
  const body = 'yield* spin_lock(a_lock); yield* spin_unlock(a_lock);';
  expect(made('locks', body, [...locks, mutex].join('\n'))).toEqual([
    'yield* spin_lock(b_lock); yield* spin_unlock(b_lock);',
  ]);
});

it('goes to the label behind the right one', () => {
  const bad = 'function* bad1(md, r) { yield* kfree(md); return ERR_PTR(r); }';
  const worse = 'function* bad2(md, r) { yield* put(md.q); return yield* bad1(md, r); }';
  const body = 'return yield* bad2(md, -ENOMEM);';
  expect(made('exits', body, [bad, worse].join('\n'))).toEqual([
    'return yield* bad1(md, -ENOMEM);',
  ]);
});

it('drops, widens, narrows, moves and splits critical sections', () => {
  const body = 'one(); yield* spin_lock(a); two(); three(); yield* spin_unlock(a); four();';
  const [lock, unlock] = ['yield* spin_lock(a);', 'yield* spin_unlock(a);'];
  expect(made('sections', body)).toEqual([
    'one(); two(); three(); four();',
    `${lock} one(); two(); three(); ${unlock} four();`,
    `one(); two(); ${lock} three(); ${unlock} four();`,
    `one(); ${lock} two(); ${unlock} three(); four();`,
    `one(); ${lock} two(); three(); four(); ${unlock}`,
    `${lock} one(); two(); ${unlock} three(); four();`,
    `one(); two(); ${lock} three(); four(); ${unlock}`,
    `one(); ${lock} two(); ${unlock} ${lock} three(); ${unlock} four();`,
  ]);
});

it('moves no lock over what only the function sees', () => {
  const [lock, unlock] = ['yield* spin_lock(a);', 'yield* spin_unlock(a);'];
  expect(made('sections', `let r; ${lock} one(); two(); ${unlock} BUG_ON(b);`)).toEqual([
    'let r; one(); two(); BUG_ON(b);',
    `let r; one(); ${lock} two(); ${unlock} BUG_ON(b);`,
    `let r; ${lock} one(); ${unlock} two(); BUG_ON(b);`,
    `let r; ${lock} one(); ${unlock} ${lock} two(); ${unlock} BUG_ON(b);`,
  ]);
});
