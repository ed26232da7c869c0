import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ComplyCube } from '../../../lambda/complycube/complycube';
import { Pace } from '../../../lambda/complycube/pace';
import { makeJpeg } from 'sample-photos/jpeg';
import { arrivedImage, startImage } from '../fixtures/arriving-images';
import { startRawServer } from '../fixtures/raw-server';
import { type ScriptedServer, startScriptedServer } from '../fixtures/scripted-server';
import { unlimitedPace } from '../fixtures/unlimited-pace';

/** Only stops what hangs. */
const callTimeoutMs = 60_000;
const options = { apiKey: 'test_abc', gate: { pass: () => undefined }, signal: new AbortController().signal };
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
    return Promise.resolve({
      sent: () => happened.push('sent'),
      abandon: () => happened.push('abandoned'),
      answered: () => undefined,
    });
  };
  const createPaced = (baseUrl: string) => new ComplyCube(baseUrl, { turn }, callTimeoutMs);

  it('starts when the first bytes of the photo have arrived, and ends when the first bytes of the request are sent', async () => {
    server.replyWith({ status: 200, body: livePhoto });
    const { stream, image: arriving } = startImage(image.length);
    const complyCube = createPaced(`${server.url}/v1`);
    const uploading = complyCube.uploadLivePhoto({ clientId: 'client' }, arriving, options);
    await sleep(50);
    happened.push('image');
    stream.push(image);
    await uploading;
    expect(happened.slice(0, 3)).toEqual(['image', 'turn', 'sent']);
  });

  it.each([
    [429, true],
    [200, false],
    [503, false],
  ])('tells the pace whether ComplyCube refused the call as one too many: %d', async (status, expected) => {
    const answers: boolean[] = [];
    const pace = {
      ...unlimitedPace,
      turn: async () => ({
        ...(await unlimitedPace.turn()),
        answered: (isRefused: boolean) => void answers.push(isRefused),
      }),
    };
    server.replyWith({ status, body: { pages: 0, items: [] } });
    await new ComplyCube(`${server.url}/v1`, pace, callTimeoutMs).listLivePhotos('client', 1, options);
    expect(answers).toEqual([expected]);
  });

  it('does not end before the connection exists', async () => {
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

  it('is not used by a photo that never arrives, so that others can use it', async () => {
    server.replyWith({ status: 200, body: { pages: 0, items: [] } });
    const complyCube = new ComplyCube(`${server.url}/v1`, new Pace(1), callTimeoutMs);
    const { stream, image: arriving } = startImage(4_000_000);
    stream.push(Buffer.alloc(1_000));
    const uploading = complyCube.uploadLivePhoto({ clientId: 'client' }, arriving, options);
    await expect(complyCube.listLivePhotos('client', 1, options)).resolves.toMatchObject({ kind: 'accepted' });
    stream.destroy();
    await expect(uploading).rejects.toThrow('fewer bytes');
    expect(server.requests).toHaveLength(1);
  });

  it('is not used by a call that is aborted before its photo arrives', async () => {
    const { image: arriving } = startImage(image.length);
    const controller = new AbortController();
    const aborted = { ...options, signal: controller.signal };
    const uploading = createPaced(`${server.url}/v1`).uploadLivePhoto({ clientId: 'client' }, arriving, aborted);
    controller.abort();
    await expect(uploading).resolves.toMatchObject({ kind: 'unknown', isSurelyUnsent: true });
    expect(happened).toEqual([]);
  });

  it('is not used by a call whose signal was aborted earlier', async () => {
    const aborted = { ...options, signal: AbortSignal.abort() };
    const uploading = createPaced(`${server.url}/v1`).uploadLivePhoto(
      { clientId: 'client' },
      arrivedImage(image),
      aborted,
    );
    await expect(uploading).resolves.toMatchObject({ kind: 'unknown', isSurelyUnsent: true });
    expect(happened).toEqual([]);
  });

  it('is abandoned by a call that is aborted while it waits, and nothing is sent', async () => {
    let begin: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => (begin = resolve));
    const slow = { turn: () => waiting.then(turn) };
    const controller = new AbortController();
    const complyCube = new ComplyCube(`${server.url}/v1`, slow, callTimeoutMs);
    const list = complyCube.listLivePhotos('client', 1, { ...options, signal: controller.signal });
    controller.abort();
    await expect(list).resolves.toMatchObject({ kind: 'unknown', isSurelyUnsent: true });
    begin();
    await sleep(0);
    expect(happened).toEqual(['turn', 'abandoned']);
    expect(server.requests).toHaveLength(0);
  });

  it('ends immediately when the call is aborted while it connects', async () => {
    const controller = new AbortController();
    const abortAfterTurn = {
      turn: async () => {
        setImmediate(() => controller.abort());
        return await turn();
      },
    };
    const deaf = await startRawServer({});
    const complyCube = new ComplyCube(deaf.url.replace('http:', 'https:'), abortAfterTurn, callTimeoutMs);
    const list = await complyCube.listLivePhotos('client', 1, { ...options, signal: controller.signal });
    await deaf.close();
    expect(list).toMatchObject({ kind: 'unknown', isSurelyUnsent: true });
    expect(happened).toEqual(['turn', 'sent']);
  });

  it('is abandoned when the gate stops the call', async () => {
    const pass = () => {
      throw new Error('no more');
    };
    const closed = { apiKey: 'test_abc', gate: { pass }, signal: new AbortController().signal };
    const list = createPaced(`${server.url}/v1`).listLivePhotos('client', 1, closed);
    await expect(list).rejects.toThrow('no more');
    expect(happened).toEqual(['turn', 'abandoned']);
  });
});
