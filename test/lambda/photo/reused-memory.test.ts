import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeJpeg } from 'sample-photos/jpeg';
import { PhotoStore } from '../../../lambda/aws/photo-store';
import { ComplyCube } from '../../../lambda/complycube/complycube';
import { photoLocation } from '../fixtures/events';
import { rawAnswer, type RawServer, startRawServer } from '../fixtures/raw-server';
import { s3Photo } from '../fixtures/s3-answers';
import { unlimitedPace } from '../fixtures/unlimited-pace';

const s3 = mockClient(S3Client);
const bytes = 4_000_000;
const first = { client: 'first', image: makeJpeg({ bytes, seed: 1 }) };
const second = { client: 'second', image: makeJpeg({ bytes, seed: 2 }) };
const bodyOf = ({ client, image }: typeof first) =>
  JSON.stringify({ clientId: client, data: image.toString('base64') });

let server: RawServer;
afterEach(() => server.close());

describe('a photo whose request ends while its bytes are being sent', () => {
  it.each<[string, (socket: Socket, controller: AbortController) => void]>([
    ['ComplyCube answers early', (socket) => socket.write(rawAnswer(429, {}))],
    ['the request is aborted', (_, controller) => controller.abort(new Error('deadline'))],
    ['the connection breaks', (socket) => socket.resetAndDestroy()],
  ])('never sends bytes of the next photo in the same memory: %s', async (_, end) => {
    const received: string[] = [];
    let stopped: Socket | undefined;
    server = await startRawServer({
      onHeaders: (socket, call) => {
        if (call > 1) return;
        stopped = socket.pause();
        socket.on('data', (chunk: string) => received.push(chunk));
      },
      onRequest: (socket, call, body) => {
        if (call > 1) socket.write(rawAnswer(body === bodyOf(second) ? 422 : 500, {}));
      },
    });
    const store = new PhotoStore(new S3Client({ region: 'eu-west-2' }));
    const complyCube = new ComplyCube(`${server.url}/v1`, unlimitedPace, 10_000);
    const start = async ({ client, image }: typeof first, signal: AbortSignal) => {
      s3.on(GetObjectCommand).resolves(s3Photo(image));
      const photo = await store.open(photoLocation, signal);
      if (typeof photo === 'string') throw new Error(photo);
      const arriving = photo.read();
      await arriving.fault();
      const options = { apiKey: 'test_abc', gate: { pass: () => undefined }, signal };
      return { photo, arriving, answer: complyCube.uploadLivePhoto({ clientId: client }, arriving, options) };
    };
    const controller = new AbortController();
    const sending = await start(first, controller.signal);
    while (stopped === undefined) await sleep(5);
    end(stopped, controller);
    await sending.answer;
    expect(sending.arriving.isReleased).toBe(false);
    sending.photo.discard();
    const next = await start(second, new AbortController().signal);
    stopped.resume();
    expect(await next.answer).toMatchObject({ status: 422 });
    const body = bodyOf(first);
    while (!stopped.destroyed && stopped.bytesRead < body.length) await sleep(5);
    expect(body).toContain(received.join(''));
  });
});
