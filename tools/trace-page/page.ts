// SPDX-License-Identifier: GPL-2.0-only
/** Pages that show executions: one file each, which opens from disk and asks no network for anything. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Execution } from '../../lib/report';
import { escapeHtml } from '../html';
import { playerScript } from './bundle';

/** This file is in dist/tools/trace-page; the style sheet is a source. */
const STYLES = path.join(__dirname, '..', '..', '..', 'web', 'player', 'player.css');

const PAGE = `
:root { color-scheme: light dark; }
body { margin: 0; padding: 16px; background: #ffffff; color: #1b1f24; }
h1 { font: 600 17px/1.3 system-ui, sans-serif; margin: 0 auto 12px; max-width: 1400px; }
main { max-width: 1400px; margin: 0 auto; }
@media (prefers-color-scheme: dark) { body { background: #14171c; color: #e6e9ee; } }
@media (max-width: 480px) { body { padding: 8px; } }
`;

/** A page that shows one execution. */
export function executionPage(execution: Execution): string {
  const style = PAGE + playerStyle();
  const script = inScript(playerScript());
  const allowed = [
    "default-src 'none'",
    `script-src '${digest(script)}'`,
    `style-src '${digest(style)}'`,
  ].join('; ');
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${allowed}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(execution.title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<main>',
    `<h1>${escapeHtml(execution.title)}</h1>`,
    `<script type="application/json">${inData(execution)}</script>`,
    '</main>',
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** The player's style sheet. */
function playerStyle(): string {
  return fs.readFileSync(STYLES, 'utf8');
}

/** Data in a script element: nothing in it can end the element. */
function inData(data: unknown): string {
  return JSON.stringify(data).replace(/</g, '\\u003c');
}

/** Code in a script element: neither its end nor the beginning of a comment may be in it. */
function inScript(code: string): string {
  return code.replace(/<(?=\/script|!--|script)/gi, '\\x3c');
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
