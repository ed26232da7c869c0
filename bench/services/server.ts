/**
 * The program that serves S3, Secrets Manager, EventBridge, SQS and ComplyCube to the contestants, over TLS and with a configurable
 * latency. The answers are prepared, so that a measurement contains little of its work.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Certificate, makeCertificate } from 'loopback-server/certificate';
import { type Distances, type Interval, paced, type Service, services } from './network';
import { isOfPhoto, openPhoto, simpleAnswers } from './answers';

/** A request to the program. */
export type ServicesRequest = { readonly setDistances: Distances } | { readonly takeIntervals: true };

/** A message from the program: first its URLs, then one reply per request. */
export interface ServicesReply {
  readonly urls?: Readonly<Record<Service, string>>;
  readonly certificate?: string;
  readonly intervals?: readonly Interval[];
}

let distances: Distances = {};
let intervals: Interval[] = [];

async function serve(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const from = performance.now();
  const { roundTripMs = 0, thinkMs = 0, bytesPerSecond } = distances[service] ?? {};
  await readAll(paced(request as AsyncIterable<Buffer>, bytesPerSecond));
  const answer = isOfPhoto(service, request) ? await openPhoto(request) : simpleAnswers[service](request);
  if (roundTripMs + thinkMs > 0) await sleep(roundTripMs + thinkMs);
  response.writeHead(answer.status, answer.headers);
  if (request.method === 'HEAD' || answer.body === undefined) response.end();
  else await sendBody(answer.body, response, bytesPerSecond);
  intervals.push({ from, to: performance.now() });
}

async function readAll(body: AsyncGenerator<Buffer>): Promise<void> {
  let isDone = false;
  while (!isDone) isDone = (await body.next()).done === true;
}

const chunkBytes = 64 * 1024;

async function sendBody(body: Buffer, response: ServerResponse, bytesPerSecond: number | undefined): Promise<void> {
  const chunks = function* (): Generator<Buffer> {
    for (let at = 0; at < body.length; at += chunkBytes) yield body.subarray(at, at + chunkBytes);
  };
  for await (const chunk of paced(Readable.from(chunks()), bytesPerSecond)) {
    if (!response.write(chunk)) await new Promise((resolve) => response.once('drain', resolve));
  }
  response.end();
}

async function listen(service: Service, { certificate, privateKey }: Certificate): Promise<string> {
  const options = { cert: certificate, key: privateKey, keepAliveTimeout: 60_000 };
  const server = createServer(options, (request, response) => {
    serve(service, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function main(): Promise<void> {
  const send = (reply: ServicesReply) => process.send?.(reply);
  const certificate = makeCertificate();
  const urls = await Promise.all(services.map(async (service) => [service, await listen(service, certificate)]));
  process.on('message', (request: ServicesRequest) => {
    if ('setDistances' in request) distances = request.setDistances;
    send({ intervals });
    intervals = [];
  });
  // The parent process has exited.
  process.on('disconnect', () => process.exit());
  send({ urls: Object.fromEntries(urls) as Record<Service, string>, certificate: certificate.certificate });
}

void main();
