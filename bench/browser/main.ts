import { parseWords, runCommand } from '../../cli/terminal/command';
import { requireChromium } from '../../local/chromium';
import { gzipSync } from 'node:zlib';
import { decodeJpeg, encodeJpeg, type Pixels } from 'sample-photos/pixels';
import { drawPortrait } from 'sample-photos/portrait';
import { installPeers } from '../peers';
import { spreadOf } from '../statistics';
import { type Contestant, loadContestants } from './contestants';
import { shrinkOnce } from './measured-page';
import { scale, similarityDb } from './picture';

const help = `Compares preparePhoto with other libraries that shrink photos in a page: time, memory, size of the script and quality.

  npm run bench:browser              5 rounds, in a few minutes
  npm run bench:browser -- --quick   1 round

Each measurement starts Chromium anew, in turns. Figures are medians. Chromium must be in PATH or CHROMIUM_PATH. The first run installs
the libraries in bench/node_modules.`;

const sizes = [
  { name: '12 MP', width: 3000, height: 4000 },
  { name: '24 MP', width: 4000, height: 6000 },
];

async function main(words: readonly string[]): Promise<number> {
  const boolean = { type: 'boolean', default: false } as const;
  const { values } = parseWords(words, { options: { quick: boolean, help: boolean } });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const note = (text: string): void => console.error(text);
  const executable = requireChromium(process.env);
  installPeers(note);
  const contestants = loadContestants();
  const rows: Figures[] = [];
  for (const size of sizes) {
    note(`Drawing a photo of ${size.name} …`);
    rows.push(...(await measureAll(executable, contestants, size, values.quick ? 1 : 5)));
  }
  console.log(render(rows));
  return 0;
}

interface Figures {
  readonly photo: string;
  readonly library: string;
  readonly ms: number;
  readonly blockedMs: number;
  readonly peakMb: number;
  readonly scriptKb: number;
  readonly photoKb: number;
  readonly similarityDb: number;
}

async function measureAll(
  executable: string,
  contestants: readonly Contestant[],
  { name, width, height }: (typeof sizes)[number],
  rounds: number,
): Promise<Figures[]> {
  const drawn = drawPortrait({ seed: 1, widthPixels: width, heightPixels: height, grain: 12, channels: 4 });
  const jpeg = encodeJpeg({ width, height, data: new Uint8Array(drawn.buffer) }, 92);
  const shrinkings = new Map(
    contestants.map((contestant) => [contestant, [] as Awaited<ReturnType<typeof shrinkOnce>>[]]),
  );
  for (let round = 1; round <= rounds; round++) {
    console.error(`${name}, round ${round} of ${rounds} …`);
    for (const [contestant, done] of shrinkings) done.push(await shrinkOnce(executable, contestant, jpeg));
  }
  const references = new Map<string, Pixels>();
  return [...shrinkings].map(([{ name: library, script }, done]) => {
    const shrunk = decodeJpeg(done[0]?.photo ?? Buffer.alloc(0));
    // The libraries round the width differently.
    const pixels = `${shrunk.width} × ${shrunk.height}`;
    const reference = references.get(pixels) ?? scale(decodeJpeg(jpeg), shrunk.width, shrunk.height);
    references.set(pixels, reference);
    const medianOf = (figure: 'milliseconds' | 'blockedMs' | 'peakMb'): number =>
      spreadOf(done.map((one) => one[figure])).median;
    return {
      photo: `${name}, ${(jpeg.length / 1e6).toFixed(1)} MB`,
      library,
      ms: medianOf('milliseconds'),
      blockedMs: medianOf('blockedMs'),
      peakMb: medianOf('peakMb'),
      scriptKb: gzipSync(script, { level: 9 }).length / 1024,
      photoKb: (done[0]?.photo.length ?? NaN) / 1000,
      similarityDb: similarityDb(shrunk, reference),
    };
  });
}

/** A Markdown table. Ratios are to the first library, ours. */
function render(rows: readonly Figures[]): string {
  const lines = rows.map((row) => {
    const ours = rows.find(({ photo }) => photo === row.photo) ?? row;
    const figure = (name: 'ms' | 'blockedMs' | 'peakMb' | 'scriptKb', unit: string): string =>
      `${row[name].toFixed(name === 'scriptKb' ? 1 : 0)} ${unit}${row === ours ? '' : ` (${(row[name] / ours[name]).toFixed(1)} ×)`}`;
    return [
      row.photo,
      row.library,
      figure('ms', 'ms'),
      figure('blockedMs', 'ms'),
      figure('peakMb', 'MB'),
      figure('scriptKb', 'KB'),
      `${row.photoKb.toFixed(0)} KB`,
      `${row.similarityDb.toFixed(1)} dB`,
    ];
  });
  const head = ['photo', 'library', 'time', 'page blocked', 'peak memory', 'script', 'result', 'PSNR'];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...lines.map(line)].join('\n');
}

void runCommand(main);
