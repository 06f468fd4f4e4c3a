// SPDX-License-Identifier: GPL-2.0-only
/**
 * What this browser remembers: the edited drivers, and the facts that `npx kata` keeps in `.kata/state.txt`, in the same words. A browser
 * that lets nobody store anything remembers until the page is left.
 */
import type { KataReportV1 } from '../../lib/kata/verdict';
import {
  DIGEST_LENGTH,
  type Fact,
  type Facts,
  formatFacts,
  parseFacts,
  withFact,
} from '../../tools/kata/state/facts';

const STATE = 'kata:state';
const DRIVER = 'kata:driver:';

const memory = new Map<string, string>();

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return memory.get(key) ?? null;
  }
}

function write(key: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    if (text === null) memory.delete(key);
    else memory.set(key, text);
  }
}

/** The facts that are remembered; none if what is stored is damaged. */
export function facts(): Facts {
  const parsed = parseFacts(read(STATE) ?? '');
  return 'facts' in parsed ? parsed.facts : [];
}

/** The state file. */
export function stateText(): string {
  return formatFacts(facts());
}

/** Takes in the facts of a state file; returns the first line that is none, and takes nothing in then. */
export function takeIn(text: string): string | null {
  const parsed = parseFacts(text);
  if (!('facts' in parsed)) return parsed.damaged;
  remember(...parsed.facts);
  return null;
}

/** Remembers facts, in place of those they make obsolete. */
export function remember(...more: readonly Fact[]): void {
  write(STATE, formatFacts(more.reduce(withFact, facts())));
}

/** Forgets facts and drivers. */
export function forgetAll(): void {
  write(STATE, null);
  for (const id of editedKatas()) write(DRIVER + id, null);
}

/** The driver as it was edited here; null if it was not. */
export function editedDriver(id: string): string | null {
  return read(DRIVER + id);
}

/** Keeps an edited driver; null to give it up. */
export function keepDriver(id: string, text: string | null): void {
  write(DRIVER + id, text);
}

/** The katas whose drivers were edited here. */
function editedKatas(): string[] {
  const keys = [...memory.keys()];
  try {
    for (let i = 0; i < localStorage.length; i++) keys.push(localStorage.key(i) ?? '');
  } catch {
    // Nothing is stored.
  }
  return keys.flatMap((key) => (key.startsWith(DRIVER) ? [key.slice(DRIVER.length)] : []));
}

/**
 * Remembers a judgement. In a clone a verdict that holds includes the types, which a page checks only when it is asked: so it says that
 * the kata was solved, and a clone judges the driver itself.
 */
export async function rememberVerdict(
  kata: string,
  source: string,
  judge: string,
  status: KataReportV1['status'],
): Promise<void> {
  if (status === 'pass') remember({ about: kata, what: 'solved' });
  if (status !== 'fail') return;
  const driver = await digestOf(source);
  if (driver !== null && judge !== '')
    remember({ about: kata, what: 'verdict', holds: false, driver, judge });
}

/** The digest of a driver, as the state file has it; null where the browser makes none, as on a page without https. */
async function digestOf(text: string): Promise<string | null> {
  // Declared as always there; a page that is not secure has none.
  const subtle = (crypto as { subtle?: SubtleCrypto }).subtle;
  if (subtle === undefined) return null;
  const bytes = await subtle.digest('SHA-256', new TextEncoder().encode(text));
  const hex = Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0'));
  return hex.join('').slice(0, DIGEST_LENGTH);
}
