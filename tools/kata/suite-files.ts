// SPDX-License-Identifier: GPL-2.0-only
/** The files a kata's scenarios are written in: its own, and the world that it shares with other katas of its driver. */
import fs from 'node:fs';
import path from 'node:path';

/** How scenarios import a world, in TypeScript or as compiled; the layers' rule allows for no other way. */
const WORLD = /(["'])\.\.\/worlds\/([\w-]+)\1/g;

/** A kata's scenarios.ts (or the scenarios.js made of it), and the worlds it imports. */
export function suiteFiles(scenarios: string): string[] {
  const text = fs.readFileSync(scenarios, 'utf8');
  const names = new Set([...text.matchAll(WORLD)].map(([, , name = '']) => name));
  const extension = path.extname(scenarios);
  const worlds = path.join(path.dirname(scenarios), '..', 'worlds');
  return [scenarios, ...[...names].map((name) => path.join(worlds, `${name}${extension}`))];
}
