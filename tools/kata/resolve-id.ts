// SPDX-License-Identifier: GPL-2.0-only
/** From what somebody typed to a kata: a number, a slug, NN-slug, or a path that leads through its folder. */
import { didYouMean } from '../../lib/driver/suggest';
import { Refusal } from './errors';

/** The kata a name stands for; a miss is a Refusal that says what may have been meant. */
export function resolveId(name: string, ids: readonly string[]): string {
  const found = ids.find((id) => matches(name, id)) ?? idInPath(name, ids);
  if (found !== null) return found;
  throw new Refusal(
    `there is no kata '${name}'${suggestion(name, ids)} (npx kata list shows them all)`,
  );
}

/** The kata whose folder a path leads through: `solutions/01-rbd-put-client/rbd.ts`. */
export function idInPath(file: string, ids: readonly string[]): string | null {
  const segments = file.split(/[\\/]/);
  return ids.find((id) => segments.includes(id)) ?? null;
}

function matches(name: string, id: string): boolean {
  if (/^\d{1,2}$/.test(name)) return Number(name) === Number(id.slice(0, 2));
  const plain = name.toLowerCase();
  return plain === id || plain === id.slice(3);
}

function suggestion(name: string, ids: readonly string[]): string {
  const known = /^\d/.test(name) ? ids : ids.map((id) => id.slice(3));
  const near = didYouMean(name, known).replace(/\?$/, '');
  if (near !== '') return `${near}?`;
  // `rbd` or `put-client`: too far for a slip of the fingers, but part of one name.
  const parts = name.length > 1 ? ids.filter((id) => id.includes(name.toLowerCase())) : [];
  return parts.length > 0 ? `; did you mean '${parts.slice(0, 3).join("' or '")}'?` : '';
}
