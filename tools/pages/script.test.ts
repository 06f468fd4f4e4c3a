// SPDX-License-Identifier: GPL-2.0-only
/** Scenarios as scripts: the same exports from the same lines. */
import fs from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../kata/katas';
import { allKatas } from '../kata/katas';
import { engineData } from './kata-data';
import { scriptOf } from './script';

const root = repositoryRoot();

type Script = (load: (name: string) => object) => Record<string, unknown>;

it('keeps every line in its place', () => {
  const source = `import {
  type Op,
  first,
  second as other,
} from '#lib';

export const four: number = first(other);
export function* five(): Op<number> {
  return four;
}
export default five;
`;
  const { code } = scriptOf(source, 'katas/worlds/toy.ts');
  const lines = code.split('\n');
  expect(lines[6]).toContain('const four');
  expect(lines[7]).toContain('function* five()');
  expect(code.endsWith('//# sourceURL=katas/worlds/toy.ts')).toBe(true);
  const script = eval(code) as Script;
  const lib = { first: (value: number) => value + 1, second: 3 };
  const exported = script((name) => (name === '#lib' ? lib : {}));
  expect(exported).toMatchObject({ four: 4 });
  expect(exported['default']).toBe(exported['five']);
});

it('refuses what is not only types', () => {
  expect(() => scriptOf('export enum Kind { One }', 'katas/worlds/toy.ts')).toThrow(
    'katas/worlds/toy.ts:1: ',
  );
});

it.each(allKatas(root).map(({ id, manifest }) => [id, manifest] as const))(
  'reads the scenarios of %s',
  (id, manifest) => {
    const { scripts, sources, source } = engineData(root, manifest);
    expect(scripts.at(-1)?.file).toBe(`katas/${id}/scenarios.ts`);
    for (const { file, code } of scripts) {
      const text = fs.readFileSync(path.join(root, file), 'utf8');
      expect(code.split('\n')).toHaveLength(text.split('\n').length + 2);
    }
    expect(Object.keys(sources)).toHaveLength(scripts.length);
    expect(source).not.toBe('');
  },
);
