import type { PhotoWork } from './photo-work';
import { withUrl } from './with-url';

/** The program of the worker, with its own {@link photoWork}: see build/browser-module.ts. */
declare const photoWorkerSource: string;

/** The name of a job of {@link PhotoWork}. */
export type JobName = keyof PhotoWork;

/** What a job returns. */
export type JobResult<Name extends JobName> = Awaited<ReturnType<PhotoWork[Name]>>;

type Job<Name extends JobName> = (
  input: Parameters<PhotoWork[Name]>[0],
  onProgress: (share: number) => void,
) => Promise<JobResult<Name>>;

/**
 * Does a job of {@link PhotoWork} in a worker. If the browser has no worker with canvases, or the page's policy forbids this one, the
 * page does it.
 * @param signal ends the worker. The promise is then never settled.
 */
export async function inWorker<Name extends JobName>(
  name: Name,
  input: Parameters<PhotoWork[Name]>[0],
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<JobResult<Name>> {
  signal.throwIfAborted();
  const worker = 'OffscreenCanvas' in globalThis ? await startWorker(signal) : undefined;
  if (worker === undefined) return (photoWork[name] as Job<Name>)(input, onProgress);
  try {
    return await new Promise<JobResult<Name>>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<number | JobResult<Name>>) =>
        typeof data === 'number' ? onProgress(data) : resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage([name, input], input instanceof Blob ? [] : [input]);
    });
  } finally {
    worker.terminate();
  }
}

/** @returns undefined if the page's Content-Security-Policy forbids workers from `blob:`. */
async function startWorker(signal: AbortSignal): Promise<Worker | undefined> {
  return withUrl(new Blob([photoWorkerSource]), async (url) => {
    const worker = new Worker(url);
    signal.addEventListener('abort', () => worker.terminate());
    await new Promise((resolve, reject) => {
      worker.onmessage = resolve;
      worker.onerror = reject;
    });
    return worker;
  });
}
