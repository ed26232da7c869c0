const { default: TestRunner } = require('jest-runner');
const { mkdirSync, readdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join, relative } = require('node:path');

/** In Stryker's copy of the project, so that each run has its own. */
const recordsFolder = join(process.cwd(), 'dist/recorded-tests');

/**
 * Runs only the test files that can kill the current mutant, and stops at the first failure. Without it, jest would load every file
 * to find the tests by their titles, and would continue after a failure. The files that killed the latest mutants run first, because
 * mutants of one source file follow each other. The others follow, fastest first.
 */
module.exports = class MutationRunner extends TestRunner {
  async runTests(tests, watcher) {
    const { testNamePattern } = this._globalConfig;
    // Stryker selects tests by title only for mutants.
    const isDryRun = testNamePattern === undefined;
    let hasFailed = false;
    this.on('test-file-failure', () => {
      hasFailed = true;
    });
    this.on('test-file-success', ([{ path }, result]) => {
      hasFailed ||= result.numFailingTests > 0;
      if (isDryRun) record(path, result);
    });
    for (const test of isDryRun ? tests : select(tests, testNamePattern)) {
      await super.runTests([test], watcher, { serial: true });
      if (!hasFailed || isDryRun) continue;
      killers = [test.path, ...killers.filter((path) => path !== test.path)];
      return;
    }
  }
};

/** Stryker's initial run is in one process. All its processes run mutants, and read these records. */
function record(path, { testResults, perfStats }) {
  mkdirSync(recordsFolder, { recursive: true });
  const titles = testResults.map(({ fullName }) => fullName);
  const name = encodeURIComponent(relative(process.cwd(), path));
  writeFileSync(join(recordsFolder, `${name}.json`), JSON.stringify({ path, ms: perfStats.runtime, titles }));
}

let records;
/** Test files that killed a mutant in this process, the latest first. */
let killers = [];
function select(tests, testNamePattern) {
  records ??= new Map(
    readdirSync(recordsFolder).map((name) => {
      const entry = JSON.parse(readFileSync(join(recordsFolder, name), 'utf8'));
      return [entry.path, entry];
    }),
  );
  // The titles are escaped for a regular expression: `(one title)|(another)`.
  const titles = new Set(
    testNamePattern
      .slice(1, -1)
      .split(')|(')
      .map((title) => title.replace(/\\(.)/g, '$1')),
  );
  return tests
    .filter(({ path }) => records.get(path)?.titles.some((title) => titles.has(title)))
    .sort((one, other) => rank(one) - rank(other) || records.get(one.path).ms - records.get(other.path).ms);
}

function rank({ path }) {
  const at = killers.indexOf(path);
  return at === -1 ? killers.length : at;
}
