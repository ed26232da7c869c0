import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const folder = join(__dirname, '..', '..', 'lambda');
const sdkImport = /import (?:type )?\{([^}]*)\} from '@aws-sdk\/([a-z0-9-]+)'/g;
/** Other imports from an SDK, which make no call. */
const isNoCall = /Client$|Exception$|^NoSuch[A-Z]/;

/** The SDK calls in the function's source, as `file client call`. @throws for an import in an unknown format. */
export function sdkCalls(): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const source = readFileSync(join(folder, file), 'utf8');
      const imports = [...source.matchAll(sdkImport)];
      if (imports.length !== source.split('@aws-sdk/').length - 1)
        throw new Error(`${file} imports an SDK in an unknown format`);
      return imports.flatMap(([, names = '', client = '']) =>
        names
          .split(',')
          .map((name) => name.trim())
          .filter((name) => name !== '' && !name.startsWith('type ') && !isNoCall.test(name))
          .map((name) => `${basename(file)} ${client} ${name}`),
      );
    })
    .sort();
}
