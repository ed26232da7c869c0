import { once } from 'node:events';
import { join } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { parseUploadBody } from './upload-body';

/** A smaller body is parsed within a few milliseconds. */
const largeBytes = 256 * 1024;

/**
 * Parses the bodies of uploads. Large ones are parsed in a worker thread: 4 MB take about 30 ms, and requests that arrive meanwhile
 * must be counted in time.
 */
export class UploadParser {
  #worker: Worker | undefined;
  readonly #failure = new AbortController();

  /**
   * Parses a body and decodes its `data`: {@link parseUploadBody}.
   * @param body a large one must not share its memory with other buffers, and can't be used afterwards.
   * @throws AbortError if the worker thread failed.
   */
  async parse(body: Buffer<ArrayBuffer>): Promise<unknown> {
    if (body.length < largeBytes) return parseUploadBody(body);
    const { port1, port2 } = new MessageChannel();
    this.#worker ??= this.#startWorker();
    this.#worker.postMessage({ body, port: port2 }, [body.buffer, port2]);
    const [json] = (await once(port1, 'message', { signal: this.#failure.signal })) as [unknown];
    port1.close();
    return json;
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #startWorker(): Worker {
    // Node can't load TypeScript itself, and Node 20 ignores `--import tsx` for the file of a worker thread.
    const modules = [require.resolve('tsx/cjs'), join(__dirname, 'upload-worker.ts')];
    const worker = new Worker(modules.map((path) => `require(${JSON.stringify(path)});`).join(''), {
      eval: true,
      execArgv: [],
    });
    worker.once('error', (error) => {
      this.#failure.abort(error);
    });
    worker.unref();
    return worker;
  }
}
