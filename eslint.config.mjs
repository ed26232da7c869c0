import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

const sdkPackages = ['@aws-sdk/*', '@smithy/*'];

export default tseslint.config(
  { ignores: ['dist/', 'cdk.out/', 'coverage/'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    // Only these files use an SDK: the steps stay free of AWS.
    files: ['lambda/**/*.ts'],
    ignores: ['lambda/{handler,photo-store,claims,accepted-uploads,api-key,upload-queue,outcome-events,s3-errors}.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [...sdkPackages, '../*'] }] },
  },
  {
    files: ['{bench,bin}/**/*.mjs'],
    languageOptions: { globals: { console: 'readonly', process: 'readonly' } },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: {
      globals: { module: 'writable', require: 'readonly', process: 'readonly', __dirname: 'readonly' },
    },
  },
);
