import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import cliJson from '../../cli/package.json';
import { renderHelp } from '../../cli/help';
import packageJson from '../../package.json';
import { readTable } from '../docs/tables';
import { ConsumerApp } from './consumer-app';
import { importedPackages } from './imports';
import { dependencyFolders, expectNear, megabytes } from './installed-size';

const app = new ConsumerApp(cliJson);
beforeAll(async () => app.install(await app.pack(join(__dirname, '..', '..', 'cli'))));
afterAll(() => app.remove());

describe('the package of the command line', () => {
  it('has the version of the package whose stack it operates', () => {
    expect(cliJson.version).toBe(packageJson.version);
  });

  it('runs without the other package, TypeScript and tsx', async () => {
    expect(await app.node(join('node_modules', '.bin', 'live-photos'), '--help')).toBe(`${renderHelp([])}\n`);
    expect(app.packages().sort()).toEqual([...Object.keys(cliJson.dependencies), cliJson.name].sort());
  });

  it('contains only the launcher, the compiled code, the licence and its manual', () => {
    const elsewhere = app.files('.').filter((path) => !/^dist\/(cli|contract)\/.+\.js$/.test(path));
    expect(elsewhere.sort()).toEqual(['LICENSE', 'README.md', 'live-photos.cjs', 'package.json']);
  });

  it('has as many packages and megabytes as the documentation says', () => {
    const dependencies = [...dependencyFolders(Object.keys(cliJson.dependencies), join(__dirname, '..', '..', 'cli'))];
    const row = readTable('docs/decisions/0019-dependencies.md', 'Figures').find(
      ({ installed }) => installed === `\`${cliJson.name}\``,
    );
    const all = [...dependencies, app.installed];
    expect(row?.['packages']).toBe(`${all.length}`);
    expectNear(row?.['MB'], megabytes(all));
  });

  it('imports its dependencies and no other packages', () => {
    const compiled = app.files('dist').map((path) => join(app.installed, path));
    expect(importedPackages(compiled)).toEqual(Object.keys(cliJson.dependencies));
  });
});
