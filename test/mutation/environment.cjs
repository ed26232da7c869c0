const { TestEnvironment } = require('jest-environment-node');
const asyncHooks = require('node:async_hooks');
const { createRequire } = require('node:module');

const jpegJs = createRequire(require.resolve('sample-photos/jpeg'))('jpeg-js');

/** Skips the tests of a file after the first one that failed: the mutant is killed. */
module.exports = class MutationEnvironment extends TestEnvironment {
  hasFailed = false;

  async setup() {
    await super.setup();
    this.global.jpegJs = jpegJs;
  }

  handleTestEvent({ name, test }) {
    if (name === 'test_done') this.hasFailed ||= test.errors.length > 0;
    if (name === 'test_start' && this.hasFailed) test.mode = 'skip';
  }

  async teardown() {
    await super.teardown();
    for (const storage of storages.splice(0)) storage.disable();
  }
};

/**
 * Each test file loads the AWS SDK again, with its storages. A storage that stays enabled keeps all that the file loaded, and takes
 * time at every promise of later files.
 */
const storages = [];
asyncHooks.AsyncLocalStorage = class extends asyncHooks.AsyncLocalStorage {
  constructor(...options) {
    super(...options);
    storages.push(this);
  }
};
