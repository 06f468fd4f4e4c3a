// SPDX-License-Identifier: GPL-2.0-only
/**
 * What the address of a page says about a game: the scenario, the schedule so far, and the driver if it is not the kata's own. So a race
 * can be sent to somebody: `#play&scenario=put-vs-get&schedule=A2+B8`. The kata is in the page's own address.
 */
import type { Turn } from '../../lib/explore';

/** A game as a link holds it. */
export interface Linked {
  readonly scenario: string;
  readonly turns: readonly Turn[];
  /** The text of an edited driver; null for the kata's own. */
  readonly driver: string | null;
}

/** The part of an address behind `#`. The driver is compressed. */
export async function linkOf({ scenario, turns, driver }: Linked): Promise<string> {
  const parts = new URLSearchParams({ scenario, schedule: scheduleText(turns) });
  if (driver !== null) parts.set('driver', await packed(driver));
  return `play&${parts.toString()}`;
}

/** The game in an address; null if it holds none, or one that was damaged on the way. */
export async function linkedIn(hash: string): Promise<Linked | null> {
  const parts = new URLSearchParams(hash.replace(/^#/, ''));
  const scenario = parts.get('scenario');
  if (!parts.has('play') || scenario === null) return null;
  const turns = turnsIn(parts.get('schedule') ?? '');
  const text = parts.get('driver');
  try {
    return turns === null
      ? null
      : { scenario, turns, driver: text === null ? null : await unpacked(text) };
  } catch {
    return null;
  }
}

/** Turns as schedules are written: `A2 B8`, `A!1`. */
export function scheduleText(turns: readonly Turn[]): string {
  const words: { path: string; outcome: number; count: number }[] = [];
  for (const { path, outcome } of turns) {
    const last = words.at(-1);
    if (last?.path === path && last.outcome === 0 && outcome === 0) last.count++;
    else words.push({ path, outcome, count: 1 });
  }
  return words
    .map(({ path, outcome, count }) => `${path}${outcome === 0 ? count : `!${outcome}`}`)
    .join(' ');
}

/** As many steps as a link may hold: more than any execution of a kata has. */
const TURNS_MAX = 20_000;

/** The turns of a schedule; null if it is none. The engine says whether it fits. */
export function turnsIn(schedule: string): Turn[] | null {
  const turns: Turn[] = [];
  for (const word of schedule.split(/\s+/).filter((one) => one !== '')) {
    const [, path = '', count, outcome] =
      /^([A-Z][A-Za-z0-9]*?)(?:(\d{1,5})|!(\d{1,5}))$/.exec(word) ?? [];
    if (path === '') return null;
    for (let i = 0; i < Number(count ?? 1); i++)
      turns.push({ path, outcome: Number(outcome ?? 0) });
    if (turns.length > TURNS_MAX) return null;
  }
  return turns;
}

async function packed(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** As long as a driver may be in a link: a small text can be the packed form of a huge one. */
const DRIVER_MAX = 1_000_000;

async function unpacked(text: string): Promise<string> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (one) => one.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let driver = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    driver += part.value;
    if (driver.length > DRIVER_MAX) throw new Error('too long');
  }
  return driver;
}
