// SPDX-License-Identifier: GPL-2.0-only
import { OptionDefaults } from 'typedoc';

/** @type {import('typedoc').TypeDocOptions} */
export default {
  name: 'The simulated kernel',
  entryPoints: ['lib/index.ts'],
  alwaysCreateEntryPointModule: false,
  plugin: ['typedoc-plugin-coverage', './tools/docs/typedoc-plugin.mjs'],
  coverageOutputType: 'all',
  tsconfig: 'tsconfig.docs.json',
  out: 'site/api',
  json: 'site/api/api.json',
  readme: 'tools/docs/api.md',
  customCss: 'tools/docs/site.css',
  includeVersion: false,
  excludeInternal: true,
  excludePrivate: true,
  // Two builds of one commit are equal, with or without git, on any host.
  disableSources: true,
  githubPages: false,
  sortEntryPoints: false,
  // A header is a category and holds its types, values and functions; see tools/docs/typedoc-plugin.mjs.
  categorizeByGroup: false,
  categoryOrder: ['Scenarios', 'The machine and helpers of ours', '*'],
  includeHierarchySummary: false, // there are no classes, and its page lacks the linked anchors
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
