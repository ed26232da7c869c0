import { buildSync, type BuildOptions } from 'esbuild';
import { join } from 'node:path';

const folder = join(__dirname, '..', 'app', 'browser');

/**
 * Properties inside the image check, which is half of the module. They get short names, because the module may have at most 8 KB. No
 * such name may exist in the module's API or in the browser's.
 */
const shortened = [
  ...['acTable', 'dcTable', 'huffman', 'quantization', 'quantizationTable', 'isPrefixCode', 'largestSymbol', 'tables'],
  ...['addStandardHuffman', 'hasQuantization', 'hasUsableAc', 'hasUsableDc', 'readHuffman', 'readQuantization'],
  ...['component', 'components', 'blocks', 'horizontal', 'vertical', 'isArithmetic', 'precisionBits', 'process'],
  ...['firstCoefficient', 'lastCoefficient', 'previousBit', 'scannedComponents', 'scans', 'frame', 'view', 'step'],
  ...['cutOff', 'fault', 'hasLineCount', 'isPictureComplete', 'mayMeetStrayBytes', 'skipStrayBytes'],
  ...['readSegment', 'walkScan', 'walkSegment', 'endOfImage', 'startOfImage', 'startOfScan', 'numberOfLines'],
  ...['application0', 'application15', 'arithmeticConditioning', 'huffmanTables', 'quantizationTables'],
  ...['comment', 'restartInterval', 'temporary', 'bitDepths', 'samples', 'isIndexed', 'pixelBytes', 'hasRightCrc'],
  ...['bytes', 'bit', 'crc32', 'counts', 'symbol', 'symbols', 'peek', 'read', 'skip', 'left', 'minBytes', 'maxBytes'],
];

/** Options of all bundles for browsers. */
const forBrowsers = {
  bundle: true,
  format: 'esm',
  write: false,
  minify: true,
  charset: 'utf8',
  platform: 'browser',
  // Safari 16.4, Chrome 94 and Firefox 105 are the first with canvases in workers.
  target: ['es2022', 'safari16.4'],
  mangleProps: new RegExp(`^(${shortened.join('|')})$`),
  // Fields of classes are then not declared.
  tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
  logLevel: 'warning',
} satisfies BuildOptions;

/**
 * The constants that app/browser needs in a bundle: the program of its worker, as text. So the module is one file, and no bundler
 * needs to know about the worker.
 */
export function browserConstants(): Readonly<Record<string, string>> {
  const worker = buildSync({ ...forBrowsers, entryPoints: [join(folder, 'encode-worker.ts')] });
  return { encodeWorkerSource: JSON.stringify(worker.outputFiles[0]?.text.trim()) };
}

/** Bundles `complycube-live-photos/browser` into one ES module. */
export function bundleBrowserModule(): Uint8Array {
  const { outputFiles } = buildSync({
    ...forBrowsers,
    entryPoints: [join(folder, 'index.ts')],
    define: browserConstants(),
  });
  const [module] = outputFiles;
  if (module === undefined) throw new Error('esbuild returned no module for browsers');
  return module.contents;
}
