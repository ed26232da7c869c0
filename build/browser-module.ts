import { buildSync, type BuildOptions } from 'esbuild';
import { join } from 'node:path';
import { minify_sync } from 'terser';

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
  ...['cutOff', 'fault', 'lineCount', 'isPictureComplete', 'mayMeetStrayBytes', 'skipStrayBytes'],
  ...['readSegment', 'walkScan', 'walkSegment', 'endOfImage', 'startOfImage', 'startOfScan', 'numberOfLines'],
  ...['application0', 'application15', 'arithmeticConditioning', 'huffmanTables', 'quantizationTables'],
  ...['comment', 'restartInterval', 'temporary', 'bitDepths', 'samples', 'isIndexed', 'pixelBytes', 'hasRightCrc'],
  ...['bytes', 'bit', 'crc32', 'counts', 'symbol', 'symbols', 'peek', 'read', 'skip', 'left', 'minBytes', 'maxBytes'],
];

/** Options of all bundles for browsers. */
const forBrowsers = {
  bundle: true,
  minifySyntax: true,
  charset: 'utf8',
  platform: 'browser',
  // Safari 16.4, Chrome 94 and Firefox 105 are the first with canvases in workers.
  target: ['es2022', 'safari16.4'],
  mangleProps: new RegExp(`^(${shortened.join('|')})$`),
  // Fields of classes are then not declared.
  tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
  logLevel: 'warning',
} satisfies BuildOptions;

/** Bundles `complycube-live-photos/browser` into one ES module. */
export function bundleBrowserModule(): string {
  const { banner, define } = photoWorkOptions();
  return banner.js + bundle('index.ts', { format: 'esm', define });
}

/**
 * What esbuild needs for a bundle with app/browser: the code of photo-work.ts, and the program of its worker as text. So the module is
 * one file, and no bundler needs to know about the worker. Both contain the same text, which gzip stores only once.
 */
export function photoWorkOptions() {
  const photoWork = `let photoWork;${bundle('photo-work.ts', { format: 'iife' })}`;
  const worker = photoWork + bundle('photo-worker.ts', { format: 'esm' });
  return { banner: { js: photoWork }, define: { photoWorkerSource: JSON.stringify(worker) } } satisfies BuildOptions;
}

function bundle(name: string, options: BuildOptions): string {
  const [file] = buildSync({ ...forBrowsers, ...options, entryPoints: [join(folder, name)], write: false }).outputFiles;
  if (file === undefined) throw new Error(`esbuild returned no bundle of ${name}`);
  // Terser's code is 4 % smaller than esbuild's.
  const { code } = minify_sync(file.text, { ecma: 2020, module: options.format === 'esm', compress: { passes: 2 } });
  if (code === undefined) throw new Error(`terser returned no bundle of ${name}`);
  return code;
}
