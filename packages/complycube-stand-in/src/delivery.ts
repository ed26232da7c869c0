import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Answer } from './answer';

/** How an answer reaches the caller, or does not. `extra`: whole, and if it is no refusal a second time when the connection's next request arrives. */
export type Delivery =
  | { way: 'whole'; answer: Answer }
  | { way: 'cut-off'; answer: Answer }
  | { way: 'slow'; answer: Answer; durationMs: number }
  | { way: 'extra'; answer: Answer }
  | { way: 'switching-protocols' }
  | { way: 'reset' }
  | { way: 'never' };

const slowSteps = 20;

/** Delivers an answer on a connection, or makes the connection fail. */
export async function deliver(response: ServerResponse, delivery: Delivery): Promise<void> {
  switch (delivery.way) {
    case 'whole':
      writeHead(response, delivery.answer);
      response.end(delivery.answer.body);
      return;
    case 'cut-off': {
      const body = Buffer.from(delivery.answer.body);
      writeHead(response, delivery.answer);
      // Only once the first half has left: a connection destroyed at once would take it along.
      response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
      return;
    }
    case 'slow':
      writeHead(response, delivery.answer);
      response.flushHeaders();
      await writeSlowly(response, Buffer.from(delivery.answer.body), delivery.durationMs);
      return;
    case 'extra':
      if (response.socket !== null && delivery.answer.status === 200)
        extraAnswers.set(response.socket, delivery.answer);
      writeHead(response, delivery.answer);
      response.end(delivery.answer.body);
      return;
    case 'switching-protocols':
      response.socket?.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'never':
      return;
  }
}

const extraAnswers = new WeakMap<Socket, Answer>();

/** Sends the extra answer that a connection is owed, before the request that just arrived is answered. */
export function sendExtraAnswer(socket: Socket): void {
  const answer = extraAnswers.get(socket);
  if (answer === undefined) return;
  extraAnswers.delete(socket);
  const { status, headers, body } = answer;
  const fields = Object.entries({ ...headers, 'content-length': Buffer.byteLength(body) });
  const head = fields.map(([name, value]) => `${name}: ${String(value)}\r\n`).join('');
  socket.write(`HTTP/1.1 ${status} Extra\r\n${head}\r\n${body}`);
}

function writeHead(response: ServerResponse, { status, headers, body }: Answer): void {
  // RFC 9110, 8.6: a 204 has no Content-Length.
  const length = status === 204 ? {} : { 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, { ...headers, ...length });
}

async function writeSlowly(response: ServerResponse, body: Buffer, durationMs: number): Promise<void> {
  for (let step = 0; step < slowSteps && !response.destroyed; step++) {
    await wait(durationMs / slowSteps, undefined, { ref: false });
    const part = (index: number) => Math.floor((body.length * index) / slowSteps);
    response.write(body.subarray(part(step), part(step + 1)));
  }
  response.end();
}
