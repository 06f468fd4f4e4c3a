// SPDX-License-Identifier: GPL-2.0-only
import { OptionDefaults } from 'typedoc';

/** @type {import('typedoc').TypeDocOptions} */
export default {
  name: 'kernel-race-katas',
  entryPoints: ['lib/index.ts'],
  tsconfig: 'tsconfig.docs.json',
  out: 'site',
  json: 'site/api.json',
  readme: 'README.md',
  includeVersion: false,
  excludeInternal: true,
  excludePrivate: true,
  // Two builds of one commit are the same bytes, with or without git and wherever it is hosted.
  disableSources: true,
  githubPages: true,
  searchInComments: true,
  searchInDocuments: true,
  sortEntryPoints: false,
  navigation: { includeCategories: true, includeGroups: true },
  // What an operation of the kernel stands for; see docs/conventions.md.
  // @kernel      the header it is declared in: include/linux/spinlock.h
  // @context     where it may be called: atomic, process or any
  // @ordering    what it orders: acquire, release, full or none
  // @divergence  how the model differs from Linux
  blockTags: [...OptionDefaults.blockTags, '@kernel', '@context', '@ordering', '@divergence'],
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
