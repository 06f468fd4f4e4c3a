// SPDX-License-Identifier: GPL-2.0-only
/** The scripts and styles of the site, bundled by Vite into `assets/` with names that tell their contents. */
import fs from 'node:fs';
import path from 'node:path';
import type { InlineConfig } from 'vite' with { 'resolution-mode': 'import' };
import { LICENCES, Packages } from './licences';

/** Files that are fetched with a page. */
interface Fetched {
  readonly styles: readonly string[];
  /** Scripts that are imported at once. */
  readonly preload: readonly string[];
}

/** What pages need of the bundle, relative to the site's folder. */
export interface Bundle extends Fetched {
  readonly script: string;
  /** What a page with a race needs besides: the script imports it only there. */
  readonly race: Fetched;
}

/** One row of Vite's manifest. */
interface Chunk {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
}

const ENTRY = 'web/pages/main.tsx';
const RACE = 'web/pages/kata-page.tsx';

/**
 * Reports read stacks: functions keep their names, and the machine's own files keep their folder, in the page as in a clone.
 */
const ENGINE = {
  minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  chunkFileNames: 'assets/[name]-[hash].js',
  codeSplitting: {
    groups: [
      { name: 'lib/machine/all', test: /\/lib\/machine\//, priority: 3 },
      { name: 'lib/explore/all', test: /\/lib\/explore\//, priority: 2 },
      { name: 'lib/kata/facade.all', test: /\/lib\/kata\/facade\./, priority: 1 },
    ],
  },
};

/** Vite's options for everything that runs in a page or renders one. */
export function viteConfig(root: string): InlineConfig {
  return {
    root,
    base: './',
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    resolve: { alias: [{ find: /^#lib$/, replacement: path.join(root, 'lib', 'index.ts') }] },
    // As tsconfig.json has it, and for its reason.
    oxc: { assumptions: { setPublicClassFields: true }, jsx: { importSource: 'preact' } },
    worker: { format: 'es', rolldownOptions: { output: ENGINE } },
  };
}

/** Bundles into a folder. */
export async function bundle(root: string, out: string): Promise<Bundle> {
  const { build } = await import('vite');
  const packages = new Packages();
  const config = viteConfig(root);
  await build({
    ...config,
    worker: { ...config.worker, plugins: () => [packages.plugin()] },
    build: {
      outDir: out,
      emptyOutDir: false,
      target: 'es2022',
      manifest: 'assets/manifest.json',
      license: { fileName: LICENCES },
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 2000,
      rolldownOptions: { input: path.join(root, ENTRY) },
    },
  });
  packages.complete(path.join(out, LICENCES));
  const file = path.join(out, 'assets', 'manifest.json');
  const manifest = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, Chunk>; // Vite has written it
  fs.rmSync(file);
  const main = fetchedWith(manifest, ENTRY);
  const race = fetchedWith(manifest, RACE);
  const [script = ''] = main.preload;
  return {
    script,
    styles: main.styles,
    preload: main.preload.slice(1),
    race: {
      styles: race.styles.filter((name) => !main.styles.includes(name)),
      preload: race.preload.filter((name) => !main.preload.includes(name)),
    },
  };
}

/** A module's own file first, then those of what it imports, and their styles. */
function fetchedWith(manifest: Readonly<Record<string, Chunk>>, module: string): Fetched {
  const names = new Set([module]);
  const chunks: Chunk[] = [];
  for (const name of names) {
    const chunk = manifest[name];
    if (chunk === undefined) throw new Error(`site: the bundle has no ${name}`);
    chunks.push(chunk);
    for (const other of chunk.imports ?? []) names.add(other);
  }
  return {
    styles: [...new Set(chunks.flatMap(({ css = [] }) => css))],
    preload: chunks.map((chunk) => chunk.file),
  };
}
