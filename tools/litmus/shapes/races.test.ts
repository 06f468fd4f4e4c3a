// SPDX-License-Identifier: GPL-2.0-only
import { kcsan } from '../../../lib/sanitize';
import { observe, RACES } from '.';

describe('plain accesses', () => {
  it.each(RACES.map((race) => [race.name, race] as const))('%s', (_name, race) => {
    const { findings, complete } = observe({ ...race, question: 'exists x=1' }, [kcsan()]);
    expect(complete).toBe(true);
    expect(findings).toEqual(race.ours === 'race' ? ['data-race'] : []);
  });

  it('say why where we and the kernel differ', () => {
    const silent = RACES.filter(({ ours, kernel, note }) => ours !== kernel && note === undefined);
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it('have names of their own', () => {
    expect(new Set(RACES.map(({ name }) => name)).size).toBe(RACES.length);
  });
});
