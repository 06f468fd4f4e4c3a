// SPDX-License-Identifier: GPL-2.0-only
import fs from 'node:fs';
import { OptionDefaults } from 'typedoc';

/** The guides in reading order; a guide that is not named here comes after the others. */
const guides = new Set([
  ...['first-kata', 'rosetta', 'commands', 'reports', 'memory-ordering'],
  ...['machine', 'exploring', 'litmus'],
  ...['teaching', 'grading', 'threat-model', 'writing-a-kata'],
  ...fs
    .readdirSync(new URL('./docs', import.meta.url))
    .flatMap((file) => (file.endsWith('.md') ? file.slice(0, -3) : [])),
]);

/** @type {import('typedoc').TypeDocOptions} */
export default {
  name: 'kernel-race-katas',
  entryPoints: ['lib/index.ts'],
  projectDocuments: [
    ...Array.from(guides, (name) => `docs/${name}.md`),
    'CONTRIBUTING.md',
    'CODE_OF_CONDUCT.md',
    'SECURITY.md',
    'LICENSES/README.md',
    'docs/decisions/*.md',
    'katas/README.md',
    'katas/*/README.md',
  ],
  alwaysCreateEntryPointModule: false,
  plugin: ['typedoc-plugin-coverage', './tools/docs/typedoc-plugin.mjs'],
  coverageOutputType: 'all',
  tsconfig: 'tsconfig.docs.json',
  out: 'site',
  json: 'site/api.json',
  readme: 'README.md',
  customCss: 'tools/docs/site.css',
  includeVersion: false,
  excludeInternal: true,
  excludePrivate: true,
  // Two builds of one commit are equal, with or without git, on any host.
  disableSources: true,
  githubPages: true,
  searchInComments: true,
  searchInDocuments: true,
  sortEntryPoints: false,
  // A header is a category and holds its types, values and functions; see tools/docs/typedoc-plugin.mjs.
  categorizeByGroup: false,
  categoryOrder: [
    'Guides',
    'Katas',
    'Decisions',
    'Scenarios',
    'The machine and helpers of ours',
    '*',
  ],
  router: 'house',
  includeHierarchySummary: false, // there are no classes, and its page lacks the linked anchors
  highlightLanguages: [...OptionDefaults.highlightLanguages, 'diff', 'python'],
  ignoredHighlightLanguages: ['mermaid'], // shown as text: the site needs no network and no renderer
  navigation: { includeCategories: true, includeGroups: true },
  // The tags of kernel functions; see docs/conventions.md.
  blockTags: [...OptionDefaults.blockTags, '@kernel', '@context', '@ordering', '@divergence'],
  locales: {
    en: {
      tag_kernel: 'Kernel header',
      tag_context: 'May be called from',
      tag_ordering: 'Memory ordering',
      tag_divergence: 'Where the model differs from Linux',
    },
  },
  // Opaque to drivers and scenarios, which must not use them. The compiler needs the keys to sort the fields of a structure.
  intentionallyNotExported: [
    ...['Arguments', 'MachineObject', 'Request', 'StructObject', 'Task'],
    ...['blk_mq_tags', 'ScalarKeys', 'EmbeddedKeys'],
  ],
  validation: {
    notExported: true,
    invalidLink: true,
    invalidPath: true,
    rewrittenLink: true,
    notDocumented: true,
    unusedMergeModuleWith: true,
  },
  treatValidationWarningsAsErrors: true,
};
