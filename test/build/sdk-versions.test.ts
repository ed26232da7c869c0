import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import versions from '../../build/sdk-replacements/versions.json';
import packageJson from '../../package.json';
import packageLock from '../../package-lock.json';

const root = join(__dirname, '..', '..');
const whatToDo = 'See docs/bundling.md, "When one of these packages changes".';

it.each(Object.entries(versions))('the replacements are for parts of exactly the installed %s %s', (name, version) => {
  const copies = Object.keys(packageLock.packages).filter((path) => path.endsWith(`node_modules/${name}`));
  const found = copies.map((path) => {
    const { version: installed } = JSON.parse(
      readFileSync(join(root, path, 'package.json'), 'utf8'),
    ) as typeof packageJson;
    return `installed in ${path}: ${installed}`;
  });
  const pins: Readonly<Record<string, string>> = packageJson.devDependencies;
  expect([`in package.json: ${pins[name] ?? 'not pinned'}`, ...found, whatToDo]).toEqual([
    `in package.json: ${version}`,
    `installed in node_modules/${name}: ${version}`,
    whatToDo,
  ]);
});
