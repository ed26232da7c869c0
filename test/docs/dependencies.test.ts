import { expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readDocument, root } from './documents';
import { codesOf, readTable } from './tables';

type Dependencies = Readonly<Record<string, string>>;
interface PackageJson {
  readonly dependencies?: Dependencies;
  readonly devDependencies?: Dependencies;
  readonly peerDependencies?: Dependencies;
}

/** The dependencies of the project and of its workspaces, without these packages themselves. */
function declared(): string[] {
  const own = readdirSync(join(root, 'packages'));
  const files = ['package.json', 'cli/package.json', ...own.map((name) => `packages/${name}/package.json`)];
  const names = files.flatMap((file) => {
    const { dependencies, devDependencies, peerDependencies } = JSON.parse(readDocument(file)) as PackageJson;
    return Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies });
  });
  return [...new Set(names)].filter((name) => !own.includes(name));
}

/** `-sqs` after `@aws-sdk/client-s3` means `@aws-sdk/client-sqs`. */
function whole(code: string): string {
  return code.startsWith('-') ? `@aws-sdk/client${code}` : code;
}

it('each dependency has a line in the table of decision 19, and the table has no other line', () => {
  const rows = readTable('docs/decisions/0019-dependencies.md', 'Decision');
  const explained = rows.flatMap((row) => codesOf(row['package'])).map(whole);
  expect(explained.sort()).toEqual(declared().sort());
});
