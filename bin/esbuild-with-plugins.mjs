/**
 * Runs esbuild with the options that its first argument gives as JSON, and with the plugins below. A program of its own, because
 * esbuild runs plugins asynchronously only, and a CDK app is made without waiting.
 */
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';

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
 * Answers the SDK's look at `~/.aws/config` and `~/.aws/credentials`, which Lambda has not, without loading `node:fs/promises`:
 * the SDK takes a failure for an empty file.
 *
 * @type {import('esbuild').Plugin}
 */
const noSharedFiles = {
  name: 'no-shared-files',
  setup({ onLoad }) {
    onLoad({ filter: /@smithy[\\/].*[\\/]shared-ini-file-loader[\\/]readFile\.js$/ }, () => ({
      contents: `
        export const filePromises = {};
        export const fileIntercept = {};
        export const readFile = () => Promise.reject(new Error('The bundle reads no shared configuration files'));
      `,
    }));
  },
};

await build({ ...JSON.parse(process.argv[2] ?? '{}'), plugins: [literalKeys, noSharedFiles] });
