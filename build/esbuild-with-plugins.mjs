/**
 * Runs esbuild with the plugins below and the options in the first argument, as JSON. Prints the paths of the bundled files, one a
 * line. A separate program, because esbuild runs
 * plugins only asynchronously, and a CDK app is created synchronously.
 */
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Turns `{ [_e]: … }` into `{ "error": … }` in the SDK's schemas if the file has `const _e = "error"`. The result is the same, but
 * esbuild can't remove unused objects with computed keys, so it would keep the schemas of all commands.
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
 * Makes the SDK treat `~/.aws/config` and `~/.aws/credentials` as empty. Lambda has no such files, and the check for them would load
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

const options = { ...JSON.parse(process.argv[2] ?? '{}'), metafile: true, plugins: [literalKeys, noSharedFiles] };
const { metafile } = await build(options);
for (const { inputs } of Object.values(metafile.outputs)) {
  const bundled = Object.keys(inputs).filter((path) => inputs[path].bytesInOutput > 0);
  process.stdout.write(bundled.join('\n'));
}
