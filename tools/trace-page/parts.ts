// SPDX-License-Identifier: GPL-2.0-only
/**
 * The parts of a page that shows executions: the player's script and style sheet, an execution as data, and a policy that lets
 * nothing else run.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Execution } from '../../lib/report';
import { repositoryRoot } from '../kata/katas';
import { playerScript } from './bundle';

/** The player's style sheet. */
export function playerStyle(): string {
  return fs.readFileSync(path.join(repositoryRoot(), 'web', 'player', 'player.css'), 'utf8');
}

/** The player's code for a script element: neither the element's end nor the beginning of a comment may be in it. */
export function playerCode(): string {
  return playerScript().replace(/<(?=\/script|!--|script)/gi, '\\x3c');
}

/** An execution as an element that the player reads: nothing in the data can end the element. */
export function executionData(execution: Execution): string {
  const data = JSON.stringify(execution).replace(/</g, '\\u003c');
  return `<script type="application/json">${data}</script>`;
}

/** The policy of a page: this script and this style, if it has one of them, and nothing else. For an attribute in double quotes. */
export function policyFor({ script, style }: { script?: string; style?: string }): string {
  const allowed = ["default-src 'none'"];
  if (script !== undefined) allowed.push(`script-src '${digest(script)}'`);
  if (style !== undefined) allowed.push(`style-src '${digest(style)}'`);
  return allowed.join('; ');
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
