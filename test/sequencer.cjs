const { default: Sequencer } = require('@jest/test-sequencer');

const isPropertyTest = ({ path }) => path.includes('interleavings');

/**
 * Runs the property tests first: in a process that has run many other suites their millions of promises take several times as
 * long.
 */
module.exports = class extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return [...sorted.filter(isPropertyTest), ...sorted.filter((test) => !isPropertyTest(test))];
  }
};
