/**
 * Mutation testing of the function and the contract: `npm run mutate`. docs/measurements.md has the results.
 */
export default {
  mutate: [
    'lambda/**/*.ts',
    'contract/**/*.ts',
    // Wiring: the local pipeline and the tests of the bundle run it.
    '!lambda/{index,handler,clock,garbage-collection}.ts',
    // Names and numbers without behaviour. Tests of the stack, the docs and the contract compare them.
    '!contract/{durations,environment,error-codes,grant-lifetime,metrics,outcome-event-types,upload-environment}.ts',
  ],
  // A mutant outside functions exists when a file is loaded, so that every test would have to run: minutes for each.
  ignoreStatic: true,
  plugins: ['@stryker-mutator/jest-runner', './test/mutation/ignore-sentences.mjs'],
  ignorers: ['sentences'],
  testRunner: 'jest',
  coverageAnalysis: 'perTest',
  jest: {
    configFile: 'jest.config.cjs',
    // The runner selects files faster.
    enableFindRelatedTests: false,
    config: {
      // Thousands of random orders of events, or images of 4 MB, take too long for each mutant.
      testPathIgnorePatterns: ['/node_modules/', '/interleavings/', '/large-images.test.ts'],
      // The temporary folder is in dist/.
      transformIgnorePatterns: ['/node_modules/(?!@middy/)'],
      runner: `${import.meta.dirname}/test/mutation/runner.cjs`,
      testEnvironment: `${import.meta.dirname}/test/mutation/environment.cjs`,
      moduleNameMapper: { '^jpeg-js$': `${import.meta.dirname}/test/mutation/jpeg-js.cjs` },
      roots: ['<rootDir>/test/lambda', '<rootDir>/test/contract'],
      // Jest stops a test that waits forever. Stryker would take longer, and start a new process.
      testTimeout: 5_000,
    },
  },
  concurrency: 2,
  // jest's memory grows with each test file that it runs.
  maxTestRunnerReuse: 150,
  testRunnerNodeArgs: ['--max-semi-space-size=32'],
  // Added to 1.5 times the usual time of a mutant's tests, for endless loops. A timeout, also jest's, counts as killed, so run
  // nothing else on the machine.
  timeoutMS: 7_000,
  timeoutFactor: 1.5,
  // Everything is in dist/, which git, ESLint and Prettier ignore.
  tempDirName: 'dist/mutation/sandbox',
  cleanTempDir: 'always',
  ignorePatterns: ['dist', 'cdk.out', 'coverage'],
  incremental: true,
  incrementalFile: 'dist/mutation/incremental.json',
  reporters: ['clear-text', 'progress-append-only', 'html'],
  clearTextReporter: { logTests: false, reportTests: false, allowColor: false },
  htmlReporter: { fileName: 'dist/mutation/report.html' },
  thresholds: { high: 95, low: 95, break: 95 },
};
