const { TestEnvironment } = require('jest-environment-node');

/** Skips the tests of a file after the first one that failed: the mutant is killed. */
module.exports = class MutationEnvironment extends TestEnvironment {
  hasFailed = false;

  handleTestEvent({ name, test }) {
    if (name === 'test_done') this.hasFailed ||= test.errors.length > 0;
    if (name === 'test_start' && this.hasFailed) test.mode = 'skip';
  }
};
