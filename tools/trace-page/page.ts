// SPDX-License-Identifier: GPL-2.0-only
/** The page of one execution: one file, which opens from disk and asks no network for anything. */
import type { Execution } from '../../lib/report';
import { escapeHtml } from '../html';
import { executionData, playerCode, playerStyle, policyFor } from './parts';

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
  const script = playerCode();
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policyFor({ script, style })}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(execution.title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<main>',
    `<h1>${escapeHtml(execution.title)}</h1>`,
    executionData(execution),
    '</main>',
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
