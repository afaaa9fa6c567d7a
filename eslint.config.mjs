import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** What decides must give the same answer twice: no clock, no randomness, no framework, no input or output. */
const pure = ['libs/{metrics,windows,statistics,value,rules,wording}/src/**/*.ts', 'apps/*/src/**/domain/**/*.ts'];
const frameworks = [
  ...['@nestjs/*', 'kafkajs', 'ioredis', 'prom-client', 'pino', 'lmdb', 'nodemailer', 'node:*'],
  ...['@moola/platform/*', '@moola/streams/adapters/*', '@moola/streams/nest/*'],
];

export default tseslint.config(
  {
    ignores: ['**/dist/**', '**/gen/**', 'node_modules/**', 'data/**', '.nx/**', '**/coverage/**'],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-unused-expressions': ['error', { allowTernary: true, allowShortCircuit: true }],
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
      eqeqeq: 'error',
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          allow: [],
          // The command loads it when it is used; its specs may name it.
          checkDynamicDependenciesExceptions: ['@moola/standalone'],
          depConstraints: [
            { sourceTag: 'type:contract', onlyDependOnLibsWithTags: ['type:contract'] },
            { sourceTag: 'type:domain', onlyDependOnLibsWithTags: ['type:domain', 'type:contract'] },
            { sourceTag: 'type:port', onlyDependOnLibsWithTags: ['type:port', 'type:contract', 'type:testing'] },
            { sourceTag: 'type:kit', onlyDependOnLibsWithTags: ['type:kit', 'type:port', 'type:contract'] },
            {
              sourceTag: 'type:testing',
              onlyDependOnLibsWithTags: ['type:testing', 'type:kit', 'type:port', 'type:contract', 'type:domain'],
            },
            ...['collector', 'tracker', 'bridge', 'experiment', 'responder', 'notifier', 'console'].map((app) => ({
              sourceTag: `scope:${app}`,
              onlyDependOnLibsWithTags: ['scope:shared', `scope:${app}`],
            })),
            // Composes everything in one process.
            { sourceTag: 'scope:standalone', onlyDependOnLibsWithTags: ['*'] },
            // Starts what standalone composes; of a service it knows what standalone re-exports.
            { sourceTag: 'scope:cli', onlyDependOnLibsWithTags: ['scope:shared', 'scope:cli', 'scope:standalone'] },
          ],
        },
      ],
    },
  },
  {
    files: pure,
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: frameworks,
              message: 'A domain decides from its rows alone; frameworks and I/O belong to the shell.',
            },
          ],
        },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time is a record: use the tick of the row.' },
        { object: 'Math', property: 'random', message: 'A processor is deterministic.' },
        { object: 'performance', property: 'now', message: 'Time is a record: use the tick of the row.' },
        { object: 'crypto', property: 'randomUUID', message: 'A processor is deterministic.' },
      ],
      'no-restricted-globals': ['error', 'process', 'globalThis', 'setTimeout', 'setInterval', 'setImmediate', 'fetch'],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Time is a record: use the tick of the row.',
        },
        { selector: "CallExpression[callee.name='Date']", message: 'Time is a record: use the tick of the row.' },
        { selector: 'AwaitExpression', message: 'A decision waits for nothing.' },
        { selector: "MemberExpression[object.name='Intl']", message: 'Intl differs between installations.' },
      ],
    },
  },
  {
    files: ['libs/streams/src/{processor,task,effects,ports}/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['**/adapters/**', '**/nest/**', '@nestjs/*', 'kafkajs', 'ioredis', 'lmdb', 'prom-client'],
              message: 'Ports and the runtime know no adapter, framework or driver: these are handed in.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    ...tseslint.configs.disableTypeChecked,
  },
  prettier,
);
