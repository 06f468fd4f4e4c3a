// SPDX-License-Identifier: GPL-2.0-only
/**
 * ESLint rule house/layers: imports go one way. The table below says which way; the first row that matches a file counts.
 * `folders` are what it may import from inside the repository, `own` stands for its own folder, `names` are packages and aliases.
 */
import path from 'node:path';

const subsystems = ['lib/kernel', 'lib/block', 'lib/fs', 'lib/ipc', 'lib/net'];
const anything = /^/;

const layers = [
  { files: /^lib\/.*(\.test\.ts$|\/testing\/)/, folders: ['lib'], names: anything },
  { files: /^lib\/kata\/(jest|files)[^/]*\.ts$/, folders: ['lib'], names: anything },
  { files: /^lib\/kata\//, folders: ['lib'] },
  {
    files: /^lib\/[^/]+\.ts$/,
    folders: ['lib/driver-lib', 'lib/scenario', ...subsystems, 'lib/machine'],
  },
  { files: /^lib\/scenario\//, folders: ['lib/scenario', 'lib/kernel', 'lib/machine'] },
  { files: /^lib\/machine\//, folders: ['lib/machine'] },
  { files: /^lib\/(kernel|block|fs|ipc|net)\//, folders: [...subsystems, 'lib/machine'] },
  { files: /^lib\/sanitize\//, folders: ['lib/sanitize', 'lib/machine'] },
  { files: /^lib\/report\//, folders: ['lib/report', 'lib/machine'] },
  { files: /^lib\/explore\//, folders: ['lib/explore', 'lib/machine'] },
  {
    files: /^lib\/driver\//,
    folders: ['lib/driver'],
    names: /^(acorn|magic-string|@babel\/(parser|types))$/,
  },
  { files: /^lib\/answer\//, folders: ['lib/answer', 'lib/machine'], names: /^diff$/ },
  { files: /^lib\//, folders: ['lib/machine'] },
  // The player is also a file without an engine: of lib it has the types of what it shows.
  {
    files: /^web\/player\/(?!.*\.test\.ts$)/,
    folders: ['web/player', 'lib/report/execution/types'],
    names: /^preact(\/|$)/,
  },
  { files: /^katas\/.*\.test\.ts$/, own: true, names: /^#lib(\/kata\/jest)?$/ },
  { files: /^katas\/worlds\//, names: /^#lib$/ },
  { files: /^katas\/.*\/scenarios\.ts$/, own: true, folders: ['katas/worlds'], names: /^#lib$/ },
  { files: /^katas\//, own: true, names: /^#lib$/ },
  {
    files: /^solutions\/.*\.test\.ts$/,
    folders: ['lib', 'tools', 'katas', 'solutions'],
    names: anything,
  },
  { files: /^solutions\//, own: true, names: /^#lib$/ },
];

const rule = {
  meta: {
    type: 'problem',
    docs: { description: 'imports go one way: katas, lib/index, kernel, machine' },
    schema: [],
    messages: {
      wrongWay: '{{file}} may not import {{name}}: imports go one way (tools/house/layers.mjs).',
    },
  },
  create(context) {
    const file = path.relative(context.cwd, context.filename).split(path.sep).join('/');
    const layer = layers.find((row) => row.files.test(file));
    if (!layer) return {};
    const check = (source) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
      if (!mayImport(layer, file, source.value)) {
        context.report({ node: source, messageId: 'wrongWay', data: { file, name: source.value } });
      }
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source ?? node.argument?.literal),
      TSExternalModuleReference: (node) => check(node.expression),
    };
  },
};

function mayImport(layer, file, name) {
  if (!name.startsWith('.')) return layer.names?.test(name) ?? false;
  const target = path.posix.join(path.posix.dirname(file), name);
  const own = layer.own ? [file.split('/').slice(0, 2).join('/')] : [];
  const folders = [...own, ...(layer.folders ?? [])];
  return folders.some((folder) => target === folder || target.startsWith(`${folder}/`));
}

export default { meta: { name: 'house' }, rules: { layers: rule } };
