import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ComplyCube } from '../../lambda/complycube';
import { makeJpeg } from '../../local/sample-photos/jpeg';
import { startImage } from './arriving-images';
import { type ScriptedServer, startScriptedServer } from './scripted-server';

const callTimeoutMs = 300;
const options = { apiKey: 'test_abc', gate: { pass: () => undefined } };
const image = makeJpeg({ bytes: 40_000, seed: 1 });
const livePhoto = { id: '5eb1b5f231778a0008d1c3f6' };

let server: ScriptedServer;
beforeEach(async () => {
  server = await startScriptedServer();
});
afterEach(() => server.close());

describe('the turn of a call', () => {
  const happened: string[] = [];
  beforeEach(() => {
    happened.length = 0;
  });
  const turn = () => {
    happened.push('turn');
    return Promise.resolve({ sent: () => happened.push('sent') });
  };
  const createPaced = (baseUrl: string) => new ComplyCube(baseUrl, { turn }, callTimeoutMs);

  it('is waited for, and is told when the request’s start is handed to the connection', async () => {
    server.replyWith({ status: 200, body: livePhoto });
    const { stream, image: arriving } = startImage(image.length);
    const complyCube = createPaced(`${server.url}/v1`);
    const uploading = complyCube.uploadLivePhoto({ clientId: 'client' }, arriving, options);
    // Time enough for a connection, on which nothing is sent yet.
    await sleep(100);
    happened.push('image');
    stream.push(image);
    await uploading;
    expect(happened.slice(0, 3)).toEqual(['turn', 'image', 'sent']);
  });

  it('is not told before the connection stands', async () => {
    const deaf = createServer((socket) => {
      happened.push('connection');
      socket.once('data', () => {
        happened.push('handshake refused');
        socket.destroy();
      });
    });
    await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve));
    const { port } = deaf.address() as AddressInfo;
    await createPaced(`https://127.0.0.1:${port}/v1`).listLivePhotos('client', 1, options);
    await new Promise((resolve) => deaf.close(resolve));
    expect(happened).toEqual(['turn', 'connection', 'handshake refused', 'sent']);
  });

  it('is given up when the gate does not let the call pass', async () => {
    const pass = () => {
      throw new Error('no more');
    };
    const closed = { apiKey: 'test_abc', gate: { pass } };
    const list = createPaced(`${server.url}/v1`).listLivePhotos('client', 1, closed);
    await expect(list).rejects.toThrow('no more');
    expect(happened).toEqual(['turn', 'sent']);
  });
});
