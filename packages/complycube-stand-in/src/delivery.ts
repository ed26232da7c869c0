import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Answer } from './answer';

/** What the caller receives. */
export type Delivery =
  /** `isSentTwice`: again when the connection's next request arrives, if its status is 200. */
  | { way: 'whole'; answer: Answer; isSentTwice?: boolean }
  | { way: 'cut-off'; answer: Answer }
  | { way: 'slow'; answer: Answer; durationMs: number }
  | { way: 'switching-protocols' }
  | { way: 'reset' }
  | { way: 'never' };

const slowSteps = 20;

/** Sends a response, or makes the connection fail. */
export async function deliver(response: ServerResponse, delivery: Delivery): Promise<void> {
  switch (delivery.way) {
    case 'whole':
      if (delivery.isSentTwice && response.socket !== null && delivery.answer.status === 200) {
        extraAnswers.set(response.socket, delivery.answer);
      }
      writeHead(response, delivery.answer);
      response.end(delivery.answer.body);
      return;
    case 'cut-off': {
      const body = Buffer.from(delivery.answer.body);
      writeHead(response, delivery.answer);
      // Destroy after the first half is sent: otherwise it would be lost too.
      response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
      return;
    }
    case 'slow':
      writeHead(response, delivery.answer);
      response.flushHeaders();
      await writeSlowly(response, Buffer.from(delivery.answer.body), delivery.durationMs);
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

/** Sends a connection's extra response, before its next request is answered. */
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
