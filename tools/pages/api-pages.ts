// SPDX-License-Identifier: GPL-2.0-only
/** TypeDoc's pages as part of the site: with its header, and usable by everybody. */
import fs from 'node:fs';
import path from 'node:path';
import type { Surroundings } from '../../web/pages/types';
import type { Bundle } from './bundle';

type Surround = (address: string, root: string) => Surroundings;

/** Copies the reference below `api/`. */
export function copyApi(from: string, out: string, surround: Surround, assets: Bundle): void {
  for (const file of fs.readdirSync(from, { recursive: true, encoding: 'utf8' })) {
    const source = path.join(from, file);
    if (!fs.statSync(source).isFile() || LEFT_OUT.has(file)) continue;
    const address = `api/${file.split(path.sep).join('/')}`;
    const target = path.join(out, address);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    if (!file.endsWith('.html')) {
      fs.copyFileSync(source, target);
      continue;
    }
    const root = '../'.repeat(address.split('/').length - 1);
    const html = fs.readFileSync(source, 'utf8');
    fs.writeFileSync(target, inSite(html, root, surround(address, root), assets));
  }
}

/** TypeDoc's own data, which no page reads; and its search, in place of which there is ours. */
const LEFT_OUT = new Set([
  'api.json',
  'coverage.json',
  'coverage.svg',
  'said.txt',
  '.nojekyll',
  path.join('assets', 'search.js'),
]);

/** A page of TypeDoc's with the frame of the site. */
function inSite(
  html: string,
  root: string,
  { header, footer }: Surroundings,
  { styles, script }: Bundle,
): string {
  const icon = `<link rel="icon" href="${root}icon.svg" type="image/svg+xml"/>`;
  const links =
    icon + styles.map((file) => `<link rel="stylesheet" href="${root}${file}"/>`).join('');
  const data = JSON.stringify({ root, judge: '' }).replace(/"/g, '&quot;');
  const [, search = ''] = /(<button id="tsd-search-trigger"[\s\S]*?<\/dialog>)/.exec(html) ?? [];
  const [, menu = ''] = /(<a [^>]*id="tsd-toolbar-menu-trigger"[\s\S]*?<\/a>)/.exec(html) ?? [];
  // TypeDoc's script looks for its search, and must find it; ours is the one that is seen.
  const bar = `<div class="api-bar">${menu.replace('aria-label="Menu"', '').replace(/<\/a>/, ' Contents</a>')}</div><div hidden>${search}</div>`;
  return withoutNested(html)
    .replace('</head>', `${links}<script type="module" src="${root}${script}"></script></head>`)
    .replace('<body>', `<body class="api" data-page="${data}">`)
    .replace(/<header class="tsd-page-toolbar">[\s\S]*?<\/header>/, `${header}${bar}`)
    .replace(/ src="[^"]*assets\/search\.js"/, '')
    .replace('<div class="col-content">', '<div class="col-content" role="main">')
    .replace(/<footer>[\s\S]*?<\/footer>/, footer);
}

/** A heading that opens and closes a part has no link in it: nobody could tell which of the two a key is for. */
function withoutNested(html: string): string {
  return html.replace(/<summary[\s\S]*?<\/summary>/g, (summary) =>
    summary.replace(/<a [^>]*class="tsd-anchor-icon"[\s\S]*?<\/a>/g, ''),
  );
}
