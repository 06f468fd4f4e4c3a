// SPDX-License-Identifier: GPL-2.0-only
import { formatSchedule, parseSchedule, scheduleOf, turnsOf } from '../../lib/explore/schedule';
import { linkedIn, linkOf, scheduleText, turnsIn } from './link';

describe('a schedule in a link', () => {
  it.each(['', 'A2 B8 A6 B1', 'A1 A!1 A2', 'Aa3 B!2 C10'])(
    'is read as the terminal reads it: %j',
    (text) => {
      const turns = turnsOf(parseSchedule(text));
      expect(turnsIn(text)).toEqual(turns);
      expect(scheduleText(turns)).toBe(formatSchedule(scheduleOf(turns)));
    },
  );

  it.each(['A', '2A', 'A2,B3', 'A99999', 'a1'])('is refused: %j', (text) => {
    expect(turnsIn(text)).toBeNull();
  });
});

describe('a link', () => {
  it.each([null, 'export function* write() {}\n// \u00fc \u2192 &#+=\n'.repeat(300)])(
    'gives back the game it was made of',
    async (driver) => {
      const linked = { scenario: 'put-vs-get', turns: turnsIn('A2 B!1 A1') ?? [], driver };
      const link = await linkOf(linked);
      expect(link).toMatch(/^[\w&=+%.*-]+$/);
      expect(await linkedIn(`#${link}`)).toEqual(linked);
    },
  );

  it.each([
    '',
    '#race',
    '#play',
    '#play&scenario=x&schedule=nonsense',
    '#play&scenario=x&driver=%%%',
  ])('holds no game: %j', async (hash) => {
    expect(await linkedIn(hash)).toBeNull();
  });

  it('does not unpack what is too long for a driver', async () => {
    const link = await linkOf({ scenario: 'x', turns: [], driver: 'a'.repeat(2_000_000) });
    expect(link.length).toBeLessThan(10_000);
    expect(await linkedIn(link)).toBeNull();
  });
});
