// SPDX-License-Identifier: GPL-2.0-only
import fs from 'node:fs';
import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';
import casts from './tools/eslint/cast-comment.mjs';
import house from './tools/house/layers.mjs';

const yieldStarFile = new URL('./tools/eslint/yield-star.mjs', import.meta.url);
const yieldStar = fs.existsSync(yieldStarFile) ? (await import(yieldStarFile.href)).default : null;

const noFocus = [
  {
    selector: "MemberExpression[property.name='only'][object.name=/^(describe|it|test)$/]",
    message: 'A focused test hides the others: remove .only.',
  },
  {
    selector: 'CallExpression[callee.name=/^(fdescribe|fit)$/]',
    message: 'A focused test hides the others.',
  },
];
const noPromises = [
  { selector: ':function[async=true]', message: 'Operations are generators: no async here.' },
  { selector: 'AwaitExpression', message: 'Operations are generators: no await here.' },
];
/** The scheduler is the only source of choice, and the runtime must also run in a browser. */
const hostGlobals = [
  'Date Promise performance crypto setTimeout setInterval setImmediate queueMicrotask',
  'process Buffer require module exports __dirname __filename global console fetch',
]
  .flatMap((names) => names.split(' '))
  .map((name) => ({ name, message: 'No clock, chance, promise or Node in lib and katas.' }));

const nodeGlobals = Object.fromEntries(
  [
    'process Buffer console require module exports __dirname __filename URL',
    'setTimeout clearTimeout setImmediate SharedArrayBuffer Atomics performance',
  ]
    .flatMap((names) => names.split(' '))
    .map((name) => [name, 'readonly']),
);

const tests = ['**/*.test.ts'];
const typeScript = ['**/*.ts', '**/*.tsx'];

/** For the commit hook: without the slow rules that need types. */
const quick = {
  files: typeScript,
  extends: [tseslint.configs.disableTypeChecked],
  linterOptions: { reportUnusedDisableDirectives: 'off' },
  rules: yieldStar ? { 'kata/yield-star': 'off' } : {},
};

export default tseslint.config(
  { ignores: ['node_modules/', 'dist/', 'site/', 'coverage/', '.kata/', '**/fixtures/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    rules: {
      'require-yield': 'off',
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 60, skipComments: true, skipBlankLines: true }],
      'no-restricted-syntax': ['error', ...noFocus],
      eqeqeq: 'error',
    },
  },
  { files: ['**/*.{js,cjs,mjs}'], languageOptions: { globals: nodeGlobals } },
  { files: ['**/*.{js,cjs}'], languageOptions: { sourceType: 'commonjs' } },
  {
    files: typeScript,
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { house },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'house/layers': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        // Scenarios name the driver they judge: suite<typeof import('./rbd')>.
        { disallowTypeAnnotations: false, fixStyle: 'inline-type-imports' },
      ],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // struct(), ptr() and similar functions name a type once on purpose.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // Handles have the type of their object, which no constructor ever made.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // interface rbd_client extends StructOf<typeof rbd_client> {}: an alias could not refer to itself.
      '@typescript-eslint/no-empty-object-type': [
        'error',
        { allowInterfaces: 'with-single-extends' },
      ],
    },
  },
  ...(yieldStar
    ? [
        {
          files: ['katas/**/*.ts', 'solutions/**/*.ts', 'lib/**/*.ts', 'tools/litmus/**/*.ts'],
          plugins: { kata: yieldStar },
          rules: { 'kata/yield-star': 'error' },
        },
      ]
    : []),
  {
    files: ['lib/**/*.ts', 'katas/**/*.ts', 'solutions/**/*.ts'],
    ignores: [...tests, 'lib/kata/jest*.ts', 'lib/kata/files.ts'],
    rules: {
      'no-restricted-globals': ['error', ...hostGlobals],
      'no-restricted-properties': [
        'error',
        {
          object: 'Math',
          property: 'random',
          message: 'The scheduler is the only source of choice.',
        },
      ],
      'no-restricted-syntax': ['error', ...noFocus, ...noPromises],
    },
  },
  {
    // A test may cast its inventions; other code says why.
    files: ['lib/**/*.ts', 'tools/**/*.ts'],
    ignores: [...tests, '**/testing/**'],
    plugins: { casts },
    rules: { 'casts/cast-comment': 'error' },
  },
  {
    // Kernel code: its names, its conditions, its shape.
    files: ['katas/**/*.ts', 'solutions/**/*.ts'],
    rules: {
      'max-lines': 'off',
      camelcase: 'off',
      'no-constant-condition': 'off',
      '@typescript-eslint/naming-convention': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
    },
  },
  {
    files: [...tests, '**/scenarios.ts', 'katas/worlds/*.ts', 'lib/**/testing/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
    },
  },
  prettier,
  ...(process.env.KATA_LINT === 'quick' ? [quick] : []),
);
