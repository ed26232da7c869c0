import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { launchChromium } from '../../local/chromium';
import type { Contestant } from './contestants';

/** What shrinking one photo cost, in a browser that was started for it. */
export interface Shrinking {
  readonly photo: Buffer;
  readonly milliseconds: number;
  /** The longest time in which the page could do nothing else. */
  readonly blockedMs: number;
  /** The growth of the peak memory of Chromium's processes, together. Linux only; NaN elsewhere. */
  readonly peakMb: number;
}

const measure = `
window.measure = async () => {
  const file = await (await fetch('/photo.jpg')).blob();
  const { port1, port2 } = new MessageChannel();
  let last = performance.now();
  let blockedMs = 0;
  const tick = () => {
    const now = performance.now();
    blockedMs = Math.max(blockedMs, now - last);
    last = now;
  };
  port1.onmessage = () => { tick(); port2.postMessage(0); };
  port2.postMessage(0);
  const start = performance.now();
  const shrunk = await window.shrink(file);
  tick();
  port1.close();
  const milliseconds = performance.now() - start;
  let text = '';
  const bytes = new Uint8Array(await shrunk.arrayBuffer());
  for (let at = 0; at < bytes.length; at += 10_000) text += String.fromCharCode(...bytes.subarray(at, at + 10_000));
  return { milliseconds, blockedMs, base64: btoa(text) };
};`;

/** Starts Chromium, lets a contestant shrink a photo once, and stops Chromium. */
export async function shrinkOnce(executable: string, { script, setUp }: Contestant, photo: Buffer): Promise<Shrinking> {
  const files = new Map<string | undefined, readonly [type: string, body: string | Uint8Array]>([
    ['/', ['text/html', '<!doctype html><script type="module" src="/main.js"></script>']],
    ['/main.js', ['text/javascript', `${measure}\n${setUp}`]],
    ['/library.js', ['text/javascript', script]],
    ['/photo.jpg', ['image/jpeg', photo]],
  ]);
  const server = createServer(({ url }, response) => {
    const [type, body] = files.get(url) ?? ['text/plain', ''];
    response.setHeader('content-type', type).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const browser = await launchChromium(executable);
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction('window.shrink !== undefined');
    const session = await browser.newBrowserCDPSession();
    const peakOf = async (): Promise<number> => {
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      return processInfo.reduce((sum, { id }) => sum + peakMbOf(id), 0);
    };
    const before = await peakOf();
    const measured = await page.evaluate<{ milliseconds: number; blockedMs: number; base64: string }>(
      'window.measure()',
    );
    const { base64, ...times } = measured;
    return { ...times, peakMb: (await peakOf()) - before, photo: Buffer.from(base64, 'base64') };
  } finally {
    await browser.close();
    server.close();
  }
}

/** The largest resident memory of a process so far (proc(5), VmHWM). */
function peakMbOf(processId: number): number {
  if (process.platform !== 'linux') return NaN;
  const [, kilobytes = 'NaN'] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${processId}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}
