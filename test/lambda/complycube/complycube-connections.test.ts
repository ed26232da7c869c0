import { afterEach, describe, expect, it } from '@jest/globals';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, LivePhoto } from '../../../lambda/complycube/answer';
import { ComplyCube } from '../../../lambda/complycube/complycube';
import { makeJpeg } from 'sample-photos/jpeg';
import { arrivedImage, startImage } from '../fixtures/arriving-images';
import { type RawBehaviour, rawAnswer, type RawServer, startRawServer } from '../fixtures/raw-server';
import { unlimitedPace } from '../fixtures/unlimited-pace';

const options = { apiKey: 'test_abc', gate: { pass: () => undefined }, signal: new AbortController().signal };
const image = makeJpeg({ bytes: 40_000, seed: 1 });

let server: RawServer;
afterEach(() => server.close());

const start = async (behaviour: RawBehaviour): Promise<ComplyCube> => {
  server = await startRawServer(behaviour);
  return new ComplyCube(`${server.url}/v1`, unlimitedPace, 10_000);
};
const upload = (complyCube: ComplyCube, client: number, bytes = image) =>
  complyCube.uploadLivePhoto({ clientId: `client-${client}` }, arrivedImage(bytes), options);
const idOf = (answer: Answer<LivePhoto>) => (answer.kind === 'accepted' ? answer.value.id : answer.kind);
/** ComplyCube's answer to the upload of one client's photo. */
const answerFor = (client: number) =>
  rawAnswer(200, { id: `photo-of-client-${client}`, clientId: `client-${client}`, size: image.length });

/** Uploads one photo of each of five clients, one after the other. */
const uploadFive = async (complyCube: ComplyCube) => {
  const ids: string[] = [];
  for (const client of [1, 2, 3, 4, 5]) {
    ids.push(idOf(await upload(complyCube, client)));
  }
  return ids;
};
const own = [1, 2, 3, 4, 5].map((client) => `photo-of-client-${client}`);
/** The client of a request, from its body. */
const clientOf = (body: string) => Number(/"clientId":"client-(\d+)"/.exec(body)?.[1]);

describe('a connection to ComplyCube', () => {
  it('is reused after a valid answer', async () => {
    const complyCube = await start({ onRequest: (socket, _, body) => socket.write(answerFor(clientOf(body))) });
    await expect(uploadFive(complyCube)).resolves.toEqual(own);
    expect(server.sockets).toHaveLength(1);
  });

  const surplus: [string, (call: number) => string][] = [
    ['another answer', (call) => answerFor(call)],
    ['an answer without a client', () => rawAnswer(200, { id: 'foreign' })],
    ['an error', () => rawAnswer(422, { message: 'More than one face', param: 'data' })],
    ['the start of an answer', () => 'HTTP/1.1 200 OK\r\ncontent-length: 7\r\n'],
    ['bytes that are no HTTP', () => 'garbage'],
    ['one byte', () => '\n'],
  ];

  it.each(surplus)('never assigns %s, received with the first answer, to a later photo', async (_, extra) => {
    const complyCube = await start({
      onRequest: (socket, call, body) => socket.write(answerFor(clientOf(body)) + (call === 1 ? extra(call) : '')),
    });
    const [first, ...later] = await uploadFive(complyCube);
    expect([own[0], 'unknown']).toContain(first);
    expect(later).toEqual(own.slice(1));
  });

  it.each(surplus)('is closed when %s arrives while it is idle', async (_, extra) => {
    const complyCube = await start({ onRequest: (socket, __, body) => socket.write(answerFor(clientOf(body))) });
    expect(idOf(await upload(complyCube, 1))).toBe(own[0]);
    server.sockets[0]?.write(extra(1));
    expect(await isClosed(server.sockets[0])).toBe(true);
    await expect(uploadFive(complyCube)).resolves.toEqual(own);
  });

  it.each(surplus)('is not reused when %s arrived immediately before the next call', async (_, extra) => {
    const complyCube = await start({ onRequest: (socket, __, body) => socket.write(answerFor(clientOf(body))) });
    await upload(complyCube, 1);
    server.sockets[0]?.write(extra(1));
    // The bytes arrive, and no turn of the event loop reads them.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    await expect(uploadFive(complyCube)).resolves.toEqual(own);
    expect(server.sockets).toHaveLength(2);
  });

  it('is not reused when the server closed it immediately before the next call', async () => {
    const complyCube = await start({ onRequest: (socket, __, body) => socket.write(answerFor(clientOf(body))) });
    await upload(complyCube, 1);
    server.sockets[0]?.destroy();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    await expect(uploadFive(complyCube)).resolves.toEqual(own);
    expect(server.sockets).toHaveLength(2);
  });

  it.each(surplus.slice(0, 1))(
    'never assigns a foreign ID when %s arrives together with the headers of the next request',
    async (_, extra) => {
      const complyCube = await start({
        onHeaders: (socket, call) => call === 2 && socket.write(extra(1)),
        onRequest: (socket, __, body) => socket.write(answerFor(clientOf(body))),
      });
      const [first, second, ...later] = await uploadFive(complyCube);
      expect([first, second]).toEqual([own[0], 'unknown']);
      expect(later).toEqual(own.slice(2));
    },
  );

  it('never assigns a foreign ID when each answer arrives one request late', async () => {
    let late = '';
    const complyCube = await start({
      onRequest: (socket, call, body) => {
        if (call === 1) socket.write(answerFor(1));
        else socket.write(late === '' ? answerFor(1) : late);
        late = answerFor(clientOf(body));
      },
    });
    const ids = await uploadFive(complyCube);
    ids.forEach((id, at) => {
      expect([own[at], 'unknown']).toContain(id);
    });
  });

  it.each([
    ['another client', { id: 'foreign', clientId: 'client-9', size: image.length }],
    ['another size', { id: 'foreign', clientId: 'client-1', size: image.length + 1 }],
    ['no ID', { clientId: 'client-1' }],
    ['nothing', ''],
    ['HTML', '<html></html>'],
  ])('is closed after an answer with %s', async (_, foreign) => {
    const complyCube = await start({
      onRequest: (socket, call, body) => socket.write(call === 1 ? rawAnswer(200, foreign) : answerFor(clientOf(body))),
    });
    expect(idOf(await upload(complyCube, 1))).toBe('unknown');
    await expect(uploadFive(complyCube)).resolves.toEqual(own);
    expect(server.sockets).toHaveLength(2);
    expect(await isClosed(server.sockets[0])).toBe(true);
  });

  it('is closed after an answer about another photo, without affecting other calls in flight', async () => {
    const held: (() => void)[] = [];
    const complyCube = await start({
      onRequest: (socket, call, body) => {
        const answer = call === 1 ? rawAnswer(200, { id: 'foreign', clientId: 'client-9' }) : answerFor(clientOf(body));
        held.push(() => socket.write(answer));
      },
    });
    const uploads = [1, 2, 3].map((client) => upload(complyCube, client).then(idOf));
    while (held.length < 3) await sleep(5);
    for (const answer of held.splice(0)) answer();
    expect((await Promise.all(uploads)).filter((id) => id === 'unknown')).toHaveLength(1);
    const later = uploadFive(complyCube);
    const answering = setInterval(() => {
      for (const answer of held.splice(0)) answer();
    }, 5);
    await expect(later).resolves.toEqual(own);
    clearInterval(answering);
    expect(server.sockets.filter(({ destroyed }) => destroyed)).toHaveLength(1);
  });
});

it('releases the photo before ComplyCube answers', async () => {
  const arriving = arrivedImage(image);
  const complyCube = await start({
    onRequest: (socket) => socket.write(rawAnswer(arriving.isReleased ? 422 : 500, {})),
  });
  const answer = await complyCube.uploadLivePhoto({ clientId: 'client-1' }, arriving, options);
  expect(answer).toMatchObject({ status: 422 });
});

describe('an answer before the request is complete', () => {
  const large = makeJpeg({ bytes: 4_000_000, seed: 1 });
  /** A server that stops reading: the rest of a large request stays unsent. */
  const answerEarly = (answer: string, at: number): RawBehaviour => ({
    onHeaders: (socket: Socket, call) => {
      if (call < at) return;
      socket.pause();
      socket.write(answer);
    },
    onRequest: (socket, _, body) => socket.write(answerFor(clientOf(body))),
  });
  const accepted = rawAnswer(200, { id: 'early', clientId: 'client-2', size: large.length });

  it.each([1, 2])(
    'is an unknown outcome if it accepts a photo that was not sent completely (request %d)',
    async (at) => {
      const complyCube = await start(answerEarly(accepted, at));
      for (let client = 1; client < at; client++) await upload(complyCube, client);
      const slow = startUnarrived(large);
      const answer = await complyCube.uploadLivePhoto({ clientId: 'client-2' }, slow, options);
      expect(answer).toMatchObject({ kind: 'unknown', isSurelyUnsent: false });
      expect(await isClosed(server.sockets[0])).toBe(true);
    },
  );

  it('is used if it is an error on a new connection', async () => {
    const complyCube = await start(answerEarly(rawAnswer(429, {}, { 'retry-after': '7' }), 1));
    const answer = await complyCube.uploadLivePhoto({ clientId: 'client-2' }, startUnarrived(large), options);
    expect(answer).toMatchObject({ kind: 'refused', status: 429, retryAfterMs: 7_000 });
    expect(await isClosed(server.sockets[0])).toBe(true);
  });

  it('does not release the photo, which is sent again with another API key', async () => {
    server = await startRawServer({
      onRequest: (socket, _, body) => socket.write(rawAnswer(200, { id: `photo-${clientOf(body)}` })),
    });
    const photo = makeJpeg({ bytes: 100_000, seed: 1 });
    let arrive: () => void = () => undefined;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    let turns = 0;
    const turn = async () => {
      if (++turns === 2) await arrived;
      return unlimitedPace.turn();
    };
    const complyCube = new ComplyCube(`${server.url}/v1`, { turn }, 10_000);
    const { stream, image: arriving } = startImage(photo.length);
    stream.push(photo.subarray(0, -1));
    const refused = complyCube.uploadLivePhoto({ clientId: 'client-1' }, arriving, options);
    while ((server.sockets[0]?.bytesRead ?? 0) < 130_000) await sleep(5);
    server.sockets[0]?.write(rawAnswer(401, {}));
    expect(await refused).toMatchObject({ kind: 'refused', status: 401 });
    const again = complyCube.uploadLivePhoto({ clientId: 'client-1' }, arriving, options);
    stream.push(photo.subarray(-1));
    await arriving.fault();
    await sleep(0);
    arrive();
    expect(await again).toMatchObject({ kind: 'accepted' });
  });

  it.each([400, 404, 413, 422, 503])(
    'is an unknown outcome on a reused connection, because an error may be about the previous photo: %d',
    async (status) => {
      const complyCube = await start(answerEarly(rawAnswer(status, { message: 'More than one face' }), 2));
      await upload(complyCube, 1);
      const answer = await complyCube.uploadLivePhoto({ clientId: 'client-2' }, startUnarrived(large), options);
      expect(answer).toMatchObject({ kind: 'unknown', isSurelyUnsent: true });
    },
  );

  it.each([
    [429, true],
    [401, false],
    [402, false],
    [403, false],
  ])(
    'is used on a reused connection if it is about the account, and the pace learns of it: %d',
    async (status, is429) => {
      const refusals: boolean[] = [];
      const turn = async () => ({
        ...(await unlimitedPace.turn()),
        answered: (isRefused: boolean) => refusals.push(isRefused),
      });
      server = await startRawServer(answerEarly(rawAnswer(status, {}, { 'retry-after': '7' }), 2));
      const complyCube = new ComplyCube(`${server.url}/v1`, { turn }, 10_000);
      await upload(complyCube, 1);
      const answer = await complyCube.uploadLivePhoto({ clientId: 'client-2' }, startUnarrived(large), options);
      expect(answer).toMatchObject({ kind: 'refused', status, retryAfterMs: 7_000 });
      expect(refusals).toEqual([false, is429]);
      expect(await isClosed(server.sockets[0])).toBe(true);
    },
  );

  it('ends a request on a reused connection before the server has all of it, also if the answer has no end', async () => {
    let received = 0;
    const endless = 'HTTP/1.1 429 Too Many Requests\r\ncontent-length: 10\r\n\r\n';
    const complyCube = await start({
      onHeaders: (socket, call) => call === 2 && socket.write(endless),
      onRequest: (socket, _, body) => {
        received++;
        socket.write(answerFor(clientOf(body)));
      },
    });
    await upload(complyCube, 1);
    const { stream, image: arriving } = startImage(large.length);
    stream.push(large.subarray(0, large.length / 2));
    const answer = await complyCube.uploadLivePhoto({ clientId: 'client-2' }, arriving, options);
    expect(answer).toMatchObject({ kind: 'refused', status: 429 });
    stream.push(large.subarray(large.length / 2));
    await arriving.fault();
    expect(await isClosed(server.sockets[0])).toBe(true);
    expect(received).toBe(1);
  });
});

/** A photo of which only the first half ever arrives. */
function startUnarrived(bytes: Buffer) {
  const { stream, image: arriving } = startImage(bytes.length);
  stream.push(bytes.subarray(0, bytes.length / 2));
  return arriving;
}

async function isClosed(socket: Socket | undefined): Promise<boolean> {
  socket?.resume();
  while (socket?.destroyed === false) await sleep(5);
  return socket !== undefined;
}
