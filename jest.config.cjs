// The tests also run on the oldest Node that the pipeline runs on; the deployed function runs on a newer one.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{test,packages/*/test}/**/*.test.ts'],
  // ESM-only packages (middy) are turned into CommonJS like our own TypeScript.
  transform: { '\\.(ts|mjs|js)$': '<rootDir>/test/esbuild-transform.cjs' },
  transformIgnorePatterns: ['/node_modules/(?!@middy/)', '/dist/'],
  // Mutation testing that was killed leaves copies of the project.
  modulePathIgnorePatterns: ['<rootDir>/dist/mutation/'],
  // The example imports the package by its name, as an app does.
  moduleNameMapper: {
    '^complycube-live-photos$': '<rootDir>/lib/index.ts',
    '^complycube-live-photos/(outcomes|upload-grants|upload-settings)$': '<rootDir>/app/$1.ts',
  },
  // Stops tests that hang. No test may come near it, however busy the machine is.
  testTimeout: 1_200_000,
  testSequencer: '<rootDir>/test/sequencer.cjs',
  // A process that keeps what every suite left behind ends up collecting garbage more than testing.
  maxWorkers: 2,
  workerIdleMemoryLimit: '500MB',
};
