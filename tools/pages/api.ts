// SPDX-License-Identifier: GPL-2.0-only
/** The API reference: TypeDoc's pages, and from its JSON the names with a line on each, for search and for completion. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { digestOf, kept, textsBelow } from './cache';

/** An exported name. */
export interface ApiName {
  readonly name: string;
  /** Relative to the site. */
  readonly address: string;
  /** Its first sentence, as plain text. */
  readonly line: string;
  /** All that its comment says. */
  readonly words: string;
  /** `include/linux/spinlock.h`; empty for what is ours. */
  readonly header: string;
  readonly kind: 'function' | 'variable' | 'interface' | 'type';
}

/** Builds the reference once for each state of the library; returns its folder. */
export function apiFolder(root: string): Promise<string> {
  const made = ['lib', 'typedoc.config.mjs', 'tsconfig.docs.json', 'tsconfig.json'];
  const from = [
    ...made,
    'tools/docs/typedoc-plugin.mjs',
    'tools/docs/site.css',
    'tools/docs/api.md',
  ];
  const { version } = JSON.parse(
    fs.readFileSync(path.join(root, 'node_modules', 'typedoc', 'package.json'), 'utf8'),
  ) as { version: string }; // npm has put it there
  return kept(root, 'api', digestOf([version, ...textsBelow(root, from)]), (folder) =>
    typedoc(root, folder),
  );
}

function typedoc(root: string, folder: string): Promise<void> {
  const script = path.join(root, 'node_modules', 'typedoc', 'bin', 'typedoc');
  const json = path.join(folder, 'api.json');
  const args = ['--options', 'typedoc.config.mjs', '--out', folder, '--json', json];
  const child = spawn(process.execPath, [script, ...args], { cwd: root });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code !== 0) reject(new Error(`typedoc fails:\n${said}`));
      else {
        fs.writeFileSync(path.join(folder, 'said.txt'), said);
        resolve();
      }
    });
  });
}

interface Text {
  readonly text: string;
}
interface Comment {
  readonly summary?: readonly Text[];
  readonly blockTags?: readonly { readonly tag: string; readonly content: readonly Text[] }[];
}
interface Reflection {
  readonly name: string;
  readonly kind: number;
  readonly comment?: Comment;
  readonly signatures?: readonly { readonly comment?: Comment }[];
}

/** TypeDoc's numbers for kinds, with the folder of their pages. */
const KINDS: Readonly<Record<number, readonly [ApiName['kind'], string]>> = {
  32: ['variable', 'variables'],
  64: ['function', 'functions'],
  256: ['interface', 'interfaces'],
  2_097_152: ['type', 'types'],
};

/** The names of the reference in a folder. */
export function apiNames(folder: string): ApiName[] {
  const json = fs.readFileSync(path.join(folder, 'api.json'), 'utf8');
  const { children } = JSON.parse(json) as { children: readonly Reflection[] }; // TypeDoc has written it
  return children.flatMap((one) => {
    const found = KINDS[one.kind];
    if (found === undefined) return [];
    const [kind, pages] = found;
    const comment = one.comment ?? one.signatures?.[0]?.comment ?? {};
    const summary = textOf(comment.summary);
    const tags = (comment.blockTags ?? []).filter(({ tag }) => TOLD.has(tag));
    return {
      name: one.name,
      address: `api/${pages}/${one.name}.html`,
      line: /^.*?[.:](?=\s|$)/s.exec(summary)?.[0] ?? summary,
      words: [summary, ...tags.map(({ content }) => textOf(content))].join(' '),
      header: textOf(comment.blockTags?.find(({ tag }) => tag === '@kernel')?.content),
      kind,
    };
  });
}

const TOLD = new Set(['@returns', '@kernel', '@context', '@ordering', '@divergence']);

function textOf(content: readonly Text[] = []): string {
  return content
    .map(({ text }) => text)
    .join('')
    .replace(/`/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
