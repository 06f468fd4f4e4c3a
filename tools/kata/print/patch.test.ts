// SPDX-License-Identifier: GPL-2.0-only
import { paintPatch, sideBySide } from './patch';
import { PLAIN, styleFor } from './style';

const names = ['yours', 'ours'] as const;

it('puts what differs side by side, with what surrounds it', () => {
  const left = 'a\nb\nc\nd\nlock();\ne\nf\ng\nh\n';
  const right = 'a\nb\nc\nd\nlock(node);\ncheck();\ne\nf\ng\nh\n';
  expect(sideBySide({ left, right, names, width: 60 }, PLAIN)).toMatchInlineSnapshot(`
    "yours                        | ours
    line 2                       | line 2
    b                            | b
    c                            | c
    d                            | d
    lock();                      | lock(node);
                                 | check();
    e                            | e
    f                            | f
    g                            | g
    "
  `);
});

it('cuts what is too long for its column, and says when nothing differs', () => {
  const long = `${'x'.repeat(50)}\n`;
  expect(sideBySide({ left: long, right: 'y\n', names, width: 60 }, PLAIN)).toContain(
    `${'x'.repeat(25)}... | y\n`,
  );
  expect(sideBySide({ left: 'a', right: 'a', names, width: 60 }, PLAIN)).toBe(
    'They are the same, to the letter.\n',
  );
});

it('paints a patch and leaves its text alone', () => {
  const patch = '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n+new\n same\n';
  const bright = paintPatch(patch, styleFor({ isTTY: true, columns: 80, env: {}, argv: [] }));
  expect(paintPatch(patch, PLAIN)).toBe(patch);
  expect(bright).toContain('\u001b[31m-old\u001b[39m\n\u001b[32m+new\u001b[39m\n same');
});
