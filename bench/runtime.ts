/** The program that runs a contestant, like Lambda's Node.js runtime. It measures wall time, CPU time and memory. */
import { pathToFileURL } from 'node:url';
// Lambda's runtime loads node:http itself, so this time does not count for the handler.
import 'node:http';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';

/** A request to the program. */
export type RuntimeRequest = { readonly load: string } | { readonly invoke: SQSEvent; readonly times: number };

/** What a request cost. */
export interface Cost {
  /** Milliseconds of wall time. */
  readonly wallMs: number;
  /** Milliseconds of CPU time of all threads. */
  readonly cpuMs: number;
  /** Resident memory now, in MB. */
  readonly residentMb: number;
  /** Peak of the resident memory since the start of the process, in MB. */
  readonly peakMb: number;
}

/** The program's reply. */
export type RuntimeReply = Cost | { readonly error: string };

type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

let handler: Handler | undefined;

async function execute(request: RuntimeRequest): Promise<void> {
  if ('load' in request) {
    const url = pathToFileURL(request.load).href;
    handler = ((await import(url)) as { handler: Handler }).handler;
    return;
  }
  for (let time = 0; time < request.times; time++) {
    const answer = await handler?.(request.invoke, context());
    if (answer?.batchItemFailures.length !== 0) throw new Error('The handler returned failed messages');
  }
}

function context(): Context {
  const usedFields = { awsRequestId: 'invocation-1', functionName: 'bench', getRemainingTimeInMillis: () => 60_000 };
  return usedFields as Context;
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
  measure(() => execute(request)).then(
    (cost) => process.send?.(cost),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
// The parent process has exited.
process.on('disconnect', () => process.exit());
