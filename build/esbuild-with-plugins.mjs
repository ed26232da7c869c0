/**
 * Runs esbuild with the options that its first argument gives as JSON, and with the plugins below. A program of its own, because
 * esbuild runs plugins asynchronously only, and a CDK app is made without waiting.
 */
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Turns `{ [_e]: … }` into `{ "error": … }` in the SDK's lists of shapes, where `const _e = "error"` stands before. That is the same
 * to JavaScript; but a computed key may do anything, so that esbuild would keep every shape of every command that no one uses.
 *
 * @type {import('esbuild').Plugin}
 */
const literalKeys = {
  name: 'literal-keys',
  setup({ onLoad }) {
    onLoad({ filter: /@aws-sdk[\\/].*[\\/]schemas[\\/]schemas_0\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const texts = new Map(
        Array.from(source.matchAll(/^const (_\w+) = (".*");$/gm), ([, name, text]) => [name, text]),
      );
      return {
        contents: source.replaceAll(/\[(_\w+)\]:/g, (key, name) => (texts.has(name) ? `${texts.get(name)}:` : key)),
      };
    });
  },
};

/**
 * Tells the SDK that `~/.aws/config` and `~/.aws/credentials` are empty: Lambda has none, and to look for them would load
 * `node:fs/promises`.
 *
 * @type {import('esbuild').Plugin}
 */
const noSharedFiles = {
  name: 'no-shared-files',
  setup({ onLoad }) {
    onLoad({ filter: /@smithy[\\/].*[\\/]shared-ini-file-loader[\\/]loadSharedConfigFiles\.js$/ }, ({ path }) => ({
      contents: `
        export { CONFIG_PREFIX_SEPARATOR } from './constants';
        export const loadSharedConfigFiles = () => Promise.resolve({ configFile: {}, credentialsFile: {} });
      `,
      resolveDir: dirname(path),
    }));
  },
};

await build({ ...JSON.parse(process.argv[2] ?? '{}'), plugins: [literalKeys, noSharedFiles] });
