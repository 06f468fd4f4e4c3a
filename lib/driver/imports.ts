// SPDX-License-Identifier: GPL-2.0-only
/** A driver imports names from '#lib' and nothing else, and exports names of its own. */
import type { ImportDeclaration } from 'acorn';
import type { CheckContext } from './context';
import { didYouMean } from './suggest';

/** The one module a driver may import. */
const LIB = '#lib';

/** Checks every import and export of the file. */
export function checkImports(context: CheckContext): void {
  const { names, reporter } = context;
  for (const node of names.nodes) {
    switch (node.type) {
      case 'ImportDeclaration':
        checkImport(node, context);
        break;
      case 'ImportExpression':
        reporter.report(
          node.start,
          'import',
          `import() is not available in a driver; write import { names } from '${LIB}' at the top`,
        );
        break;
      case 'MetaProperty':
        reporter.report(
          node.start,
          'import',
          `${node.meta.name}.${node.property.name} is not available in a driver; delete it`,
        );
        break;
      case 'ExportAllDeclaration':
        reporter.report(
          node.start,
          'import',
          'a driver cannot re-export a module; export its own functions by name',
        );
        break;
      case 'ExportNamedDeclaration':
        if (node.source)
          reporter.report(
            node.start,
            'import',
            'a driver cannot re-export a module; export its own functions by name',
          );
        for (const { exported } of node.specifiers) {
          if (
            exported.type !== 'Identifier' ||
            exported.name === '__proto__' ||
            exported.name === 'default'
          ) {
            reporter.report(
              exported.start,
              'import',
              'export under a plain name: export { probe }',
            );
          }
        }
        break;
      case 'ExportDefaultDeclaration':
        reporter.report(
          node.start,
          'import',
          'there is no default export in a driver; write the word export before the function',
        );
        break;
    }
  }
}

function checkImport(node: ImportDeclaration, { lib, reporter }: CheckContext): void {
  if (node.source.value !== LIB) {
    reporter.report(
      node.start,
      'import',
      `a driver can only import from '${LIB}', not from ${JSON.stringify(node.source.value)}`,
    );
    return;
  }
  for (const specifier of node.specifiers) {
    if (specifier.type !== 'ImportSpecifier' || specifier.imported.type !== 'Identifier') {
      reporter.report(
        specifier.start,
        'import',
        `import the names you use, in braces: import { spin_lock } from '${LIB}'`,
      );
      continue;
    }
    const { name } = specifier.imported;
    if (lib.scenarioExports?.has(name) === true) {
      reporter.report(
        specifier.start,
        'import',
        `'${name}' is for scenarios; a driver cannot look at the machine, only at what the kernel tells it`,
      );
    } else if (!lib.libExports.has(name)) {
      const near = didYouMean(name, lib.libExports);
      const hint = near === '' ? `; if it is a type, write import { type ${name} }` : near;
      reporter.report(specifier.start, 'import', `'${LIB}' has no value named '${name}'${hint}`);
    }
  }
}
