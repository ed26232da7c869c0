import { describe, expect, it } from '@jest/globals';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import cliPackageJson from '../../cli/package.json';
import runtimePackageJson from '../../e2e/runtime/package.json';
import benchPackageJson from '../../bench/package.json';
import packageJson from '../../package.json';
import { readDocument } from './documents';

/** The one place that names the tools' minimum. */
const minimum = packageJson.engines.node.replace('>=', '');
const [oldestMajor = ''] = minimum.split('.');
const deployedMajor = readDocument('.nvmrc').trim();
const [, testedText = ''] = /node: \[([\d, ]+)\]/.exec(readDocument('.github/workflows/ci.yml')) ?? [];
const tested = testedText.split(', ');

const pages = ['README.md', 'CONTRIBUTING.md', 'docs/deploying.md', 'docs/running-locally.md'];
const targets = ['test/esbuild-transform.cjs', 'test/app/documented-snippets.ts'];
const workarounds: readonly (readonly [file: string, version: RegExp])[] = [
  ['lambda/garbage-collection.ts', />= (\d+) /],
  ['.github/dependabot.yml', /requires Node (\d+)\./],
];
const placesOfTheMinimum = [
  ...['package.json', 'cli/package.json', '.github/workflows/ci.yml', 'docs/badges', 'docs/publishing.md'],
  ...pages,
  ...targets,
  ...workarounds.map(([file]) => file),
];

describe('the oldest Node of the tools', () => {
  it('is the same for the command line', () => {
    expect(cliPackageJson.engines.node).toBe(packageJson.engines.node);
  });

  it('is the version of the types', () => {
    expect(packageJson.devDependencies['@types/node']).toMatch(new RegExp(`^\\^${oldestMajor}\\.`));
  });

  it('is the first version that the workflow tests', () => {
    expect(tested[0]).toBe(oldestMajor);
  });

  it.each(pages)('is in %s', (page) => {
    expect(readDocument(page)).toContain(`Node ${minimum} or later`);
  });

  it('is in docs/publishing.md', () => {
    expect(readDocument('docs/publishing.md')).toContain(`Node ${minimum} and later`);
  });

  it.each(targets)('is the target in %s', (file) => {
    expect(readDocument(file)).toContain(`target: 'node${oldestMajor}'`);
  });
});

describe('a workaround for an old Node', () => {
  it.each(workarounds)('is for a version that the tools still support: %s', (file, pattern) => {
    const [, needed] = pattern.exec(readDocument(file)) ?? [];
    expect(Number(needed)).toBeGreaterThan(Number(oldestMajor));
  });
});

it('the decision names every place that a new minimum changes', () => {
  const decision = readDocument('docs/decisions/0023-node-versions.md');
  for (const place of placesOfTheMinimum) expect(decision).toContain(`\`${place}\``);
});

describe('the Node of the deployed function', () => {
  it('is the one of Lambda', () => {
    expect(readDocument('lib/upload-function.ts')).toContain(`Runtime.NODEJS_${deployedMajor}_X`);
    expect(Runtime.ALL.map(({ name }) => name)).toContain(`nodejs${deployedMajor}.x`);
  });

  it('is tested by the workflow', () => {
    expect(tested).toContain(deployedMajor);
  });

  it('is the Node on which the bundle is proved and measured', () => {
    const { optionalDependencies } = runtimePackageJson;
    expect(optionalDependencies).toEqual(benchPackageJson.optionalDependencies);
    for (const version of Object.values(optionalDependencies)) expect(version).toMatch(`${deployedMajor}.`);
  });
});

it('CONTRIBUTING and publishing name every version that the workflow tests', () => {
  const words = `${tested.slice(0, -1).join(', ')} and ${tested.at(-1) ?? ''}`;
  for (const page of ['CONTRIBUTING.md', 'docs/publishing.md']) {
    expect(readDocument(page).replaceAll('\n', ' ')).toContain(`Node ${words}`);
  }
});
