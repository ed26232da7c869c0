import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const folder = join(__dirname, '..', '..', 'lambda');
const sdkImport = /import (?:type )?\{([^}]*)\} from '@aws-sdk\/([a-z0-9-]+)'/g;
/** What else the function takes from an SDK: it sends nothing. */
const isNoCall = /Client$|Exception$|^NoSuch[A-Z]/;

/** The SDK calls that the function's source makes, as `file client call`. @throws where an import is not understood. */
export function sdkCalls(): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const source = readFileSync(join(folder, file), 'utf8');
      const imports = [...source.matchAll(sdkImport)];
      if (imports.length !== source.split('@aws-sdk/').length - 1)
        throw new Error(`${file} uses an SDK in a way of its own`);
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
