import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

const sdkPackages = ['@aws-sdk/*', '@smithy/*'];

const product = ['lambda', 'lib', 'app', 'cli', 'build'];
const around = ['examples', 'local', 'e2e', 'bench', 'test'];

/** Files that may not import these folders of the project, nor these packages. */
const restrictImports = (files, folders, packages = []) => ({
  files: [files],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          { regex: `^(\\.\\./)+(${folders.join('|')})/`, message: 'Imports run one way: see docs/architecture.md' },
          ...packages.map((group) => ({ group: [group] })),
        ],
      },
    ],
  },
});

export default tseslint.config(
  { ignores: ['**/dist/', 'cdk.out/', 'coverage/'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  // Imports run one way: the contract imports nothing of the project, and nothing imports the folders around the product.
  restrictImports('contract/**/*.ts', [...product, ...around]),
  restrictImports('{lambda,app}/**/*.ts', ['lib', 'app', 'cli', 'build', ...around], sdkPackages),
  // Only these files use an SDK: the steps stay free of AWS.
  restrictImports('{app/*,lambda/handler,lambda/aws/*}.ts', ['lib', 'cli', 'build', ...around]),
  restrictImports('{lib,cli}/**/*.ts', ['lambda', 'app', 'build', ...around]),
  restrictImports('cli/**/*.ts', ['lambda', 'lib', 'app', 'build', ...around]),
  restrictImports('test/{app,build,cli,contract,lambda,lib,package,page}/**/*.ts', ['bench']),
  restrictImports('packages/**/*.ts', [...product, 'contract', 'local', 'e2e', 'bench']),
  {
    files: ['{bench,build}/**/*.mjs'],
    languageOptions: { globals: { console: 'readonly', process: 'readonly' } },
  },
  {
    files: ['examples/**/*.mjs'],
    languageOptions: {
      globals: { console: 'readonly', document: 'readonly', fetch: 'readonly', setTimeout: 'readonly' },
    },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: {
      globals: { module: 'writable', require: 'readonly', process: 'readonly', __dirname: 'readonly' },
    },
  },
);
