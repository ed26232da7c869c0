const { default: Sequencer } = require('@jest/test-sequencer');

const isPropertyTest = ({ path }) => path.includes('interleavings');

/**
 * Runs the property tests first. Their millions of promises take several times as long in a process that already ran other
 * suites.
 */
module.exports = class extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return [...sorted.filter(isPropertyTest), ...sorted.filter((test) => !isPropertyTest(test))];
  }
};
