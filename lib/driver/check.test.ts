// SPDX-License-Identifier: GPL-2.0-only
/**
 * Every file in fixtures/guilty is refused with the rule and on the line that its first line names; no file in
 * fixtures/innocent is refused.
 */
import fs from 'node:fs';
import path from 'node:path';
import { libNames } from './fixtures/lib-names';
import { formatDiagnostic } from './diagnostic';
import { linkDriver } from './link';

function fixtures(folder: string): string[] {
  return fs.readdirSync(path.join(__dirname, 'fixtures', folder)).sort();
}

function judge(
  folder: string,
  name: string,
): { expected: string[]; found: string[]; sentences: string[] } {
  const source = fs.readFileSync(path.join(__dirname, 'fixtures', folder, name), 'utf8');
  const expected = /^\/\/ expect: (.*)/.exec(source)?.[1]?.split(', ') ?? [];
  const linked = linkDriver(source, name, libNames);
  const diagnostics = linked.ok ? [] : linked.diagnostics;
  return {
    expected: expected.sort(),
    found: diagnostics.map((d) => `${d.rule} ${String(d.line)}`).sort(),
    sentences: diagnostics.map(formatDiagnostic),
  };
}

describe('a guilty driver', () => {
  it.each(fixtures('guilty'))('%s is refused as its first line says', (name) => {
    const { expected, found } = judge('guilty', name);
    expect(found).toEqual(expected);
    expect(expected).not.toEqual([]);
  });

  it('gets one sentence each that says what to do', () => {
    const sentences = fixtures('guilty').flatMap((name) => judge('guilty', name).sentences);
    for (const sentence of sentences)
      expect(sentence).toMatch(/^[\w-]+\.ts:\d+:\d+: [^\n]{10,200} \([a-z-]+\)$/);
    expect(sentences).toMatchSnapshot();
  });
});

describe('an innocent driver', () => {
  it.each(fixtures('innocent'))('%s is accepted', (name) => {
    expect(judge('innocent', name).sentences).toEqual([]);
  });
});
