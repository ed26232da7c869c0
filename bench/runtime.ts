/**
 * The program that a contestant runs in: Lambda's Node.js runtime, as far as its costs go. It loads the handler when it is told
 * to, invokes it with events, and says what that took, by the clock and in this process's own CPU time.
 */
import { pathToFileURL } from 'node:url';
// Lambda's own runtime stands on node:http: no handler pays for loading it.
import 'node:http';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';

/** What the program is told. */
export type RuntimeRequest = { readonly load: string } | { readonly invoke: SQSEvent; readonly times: number };

/** What something took. */
export interface Cost {
  /** Milliseconds by the clock. */
  readonly wallMs: number;
  /** Milliseconds of CPU, of all threads. */
  readonly cpuMs: number;
  /** What the process holds now, in MB. */
  readonly residentMb: number;
  /** The most that the process ever held, in MB. */
  readonly peakMb: number;
}

/** What the program says. */
export type RuntimeReply = Cost | { readonly error: string };

type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

let handler: Handler | undefined;

async function obey(request: RuntimeRequest): Promise<void> {
  if ('load' in request) {
    const url = pathToFileURL(request.load).href;
    handler = ((await import(url)) as { handler: Handler }).handler;
    return;
  }
  for (let time = 0; time < request.times; time++) {
    const answer = await handler?.(request.invoke, context());
    if (answer?.batchItemFailures.length !== 0) throw new Error('The handler gave messages back');
  }
}

function context(): Context {
  const used = { awsRequestId: 'invocation-1', functionName: 'bench', getRemainingTimeInMillis: () => 60_000 };
  return used as Context;
}

async function measure(work: () => Promise<void>): Promise<Cost> {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  return {
    wallMs,
    cpuMs: (user + system) / 1000,
    residentMb: process.memoryUsage.rss() / 1e6,
    peakMb: process.resourceUsage().maxRSS / 1000,
  };
}

process.on('message', (request: RuntimeRequest) => {
  measure(() => obey(request)).then(
    (cost) => process.send?.(cost),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
// Whoever started this program ended, in whatever way.
process.on('disconnect', () => process.exit());
