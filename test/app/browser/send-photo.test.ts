import { ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, Route } from 'playwright-core';
import { S3Error } from 'local-aws/s3/errors';
import type { S3Fault, S3FaultAfter } from 'local-aws/s3/faults';
import { type LocalS3, startS3 } from 'local-aws/s3/server';
import { makeJpeg } from 'sample-photos/jpeg';
import type { SendFault } from '../../../app/browser/index';
import { createUploadGrant, type UploadGrant } from '../../../app/upload-grants';
import { s3Client } from '../../s3-client';
import { until } from '../../until';
import { type BrowserPage, describeBrowserPage } from './browser-page';

const accessKey = { accessKeyId: 'back-end', secretAccessKey: 'secret' };
const photo = makeJpeg({ bytes: 300_000, seed: 1 });

/** How the app's back end answers. */
type BackEnd = 'has it' | 'has it not' | 'fails' | 'gives nothing' | 'gives text' | 'hangs' | 'is not asked';

interface Sent {
  readonly progress: readonly number[];
  /** How often `hasArrived` was called. */
  readonly questions: number;
  readonly error?: {
    readonly reason: SendFault;
    readonly text: string;
    readonly message: string;
    readonly cause: string;
  };
}

describeBrowserPage('sendPhoto', (opened: () => BrowserPage) => {
  let server: LocalS3;
  let s3: S3Client;
  /** Answers instead of S3, first one first. They are for forms with a photo only. */
  let faults: (S3Fault | undefined)[];
  /** What happens to answers after S3 has stored the photo. */
  let faultsAfter: S3FaultAfter[];
  let buckets = 0;
  let bucket: string;

  beforeAll(async () => {
    server = await startS3({
      accessKey,
      sendToQueue: () => Promise.resolve(),
      fault: ({ operation }) => (operation === 'PostObject' ? faults.shift() : undefined),
      faultAfter: ({ operation }) => (operation === 'PostObject' ? faultsAfter.shift() : undefined),
    });
    s3 = s3Client(server, { credentials: accessKey });
    await opened().page.clock.install();
  });
  afterAll(async () => {
    s3.destroy();
    await server.close();
  });
  beforeEach(async () => {
    faults = [];
    faultsAfter = [];
    bucket = `photos-${++buckets}`;
    const cors = [{ allowedOrigins: [opened().url], allowedMethods: ['POST'], allowedHeaders: ['*'] }];
    await server.createBucket(bucket, { isVersioned: true, cors });
    opened().serve('photo.jpg', photo);
  });

  const grantOf = (expiresInSeconds = 300): Promise<UploadGrant> =>
    createUploadGrant({ s3, bucket, clientId: 'client-1', expiresInSeconds });

  async function versions(): Promise<number> {
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
    return Versions.length;
  }

  /**
   * Sends the photo. The page's clock runs at most twenty times as fast as a real one. On a busy machine, a faster clock would
   * reach the time limit before the answer comes.
   */
  async function send(
    { url, fields }: Pick<UploadGrant, 'url' | 'fields'>,
    backEnd: BackEnd = 'is not asked',
    timeoutMs = 60_000,
  ): Promise<Sent> {
    let isDone = false;
    const sending = opened()
      .page.evaluate(
        async ([form, answer, timeout]) => {
          const progress: number[] = [];
          let questions = 0;
          const hasArrived = (): Promise<boolean> => {
            questions++;
            if (answer === 'fails') return Promise.reject(new Error('no back end'));
            if (answer === 'hangs') return new Promise(() => {});
            const answers: Partial<Record<BackEnd, unknown>> = {
              'has it': true,
              'has it not': false,
              'gives text': 'false',
            };
            return Promise.resolve(answers[answer] as boolean);
          };
          const { SendPhotoError, sendPhoto } = window.livePhotos;
          try {
            await sendPhoto(form, await window.load('photo.jpg'), {
              timeoutMs: timeout,
              onProgress: (share) => progress.push(share),
              ...(answer !== 'is not asked' && { hasArrived }),
            });
            return { progress, questions };
          } catch (error) {
            if (!(error instanceof SendPhotoError)) throw error;
            const { reason, text, message, cause } = error;
            return { progress, questions, error: { reason, text, message, cause: String(cause) } };
          }
        },
        [{ url, fields }, backEnd, timeoutMs] as const,
      )
      .finally(() => (isDone = true));
    await until(async () => {
      await sleep(50);
      if (!isDone) await opened().page.clock.runFor(1_000);
      return isDone;
    });
    return sending;
  }

  it('uploads a photo with a grant, and reports its progress', async () => {
    const { progress, error } = await send(await grantOf());
    expect(error).toBeUndefined();
    expect(progress.at(-1)).toBe(1);
    expect(await versions()).toBe(1);
  });

  it('waits as long as a timer can if there is no limit', async () => {
    expect((await send(await grantOf(), 'is not asked', Infinity)).error).toBeUndefined();
  });

  it.each([
    ['too small', Buffer.alloc(100), 'too-small'],
    ['too large', Buffer.alloc(5_000_000), 'too-large'],
  ])('reports a photo that is %s for the grant', async (_, bytes, reason) => {
    opened().serve('photo.jpg', bytes);
    expect(await send(await grantOf())).toMatchObject({ error: { reason } });
  });

  it('reports a grant that has expired', async () => {
    const grant = await grantOf();
    const fault = new S3Error('AccessDenied', { message: 'Invalid according to Policy: Policy expired.' });
    faults = [fault];
    expect(await send(grant)).toMatchObject({
      error: { reason: 'grant-expired', text: expect.stringContaining('again') },
    });
  });

  it('reports a form that the grant does not allow, with S3’s code', async () => {
    const grant = await grantOf();
    const changed = { ...grant, fields: { ...grant.fields, 'x-amz-meta-client-id': 'another' } };
    expect(await send(changed)).toMatchObject({
      error: { reason: 'refused', message: expect.stringContaining('403 AccessDenied') },
    });
  });

  it.each([
    ['BadDigest', 'wrong-checksum'],
    ['PreconditionFailed', 'already-exists'],
    ['NoSuchBucket', 'refused'],
    ['EntityTooLarge', 'too-large'],
  ] as const)('reports S3’s error %s as %s', async (code, reason) => {
    faults = [new S3Error(code)];
    expect(await send(await grantOf())).toMatchObject({
      questions: 0,
      error: { reason, message: expect.stringContaining(code) },
    });
    expect(await versions()).toBe(0);
  });

  it('says that CORS forbids the page, and sends nothing', async () => {
    await server.createBucket(`${bucket}-closed`, { isVersioned: true });
    const grant = await createUploadGrant({ s3, bucket: `${bucket}-closed`, clientId: 'client-1' });
    const error = { reason: 'blocked-by-cors', message: expect.stringContaining(opened().url) };
    expect(await send(grant, 'has it not')).toMatchObject({ progress: [], questions: 1, error });
    expect(await send(grant)).toMatchObject({ progress: [], error });
  });

  it.each([
    ['the network is still down', (route: Route) => route.abort('internetdisconnected')],
    ['S3 sends no CORS headers with its refusal', (route: Route) => route.fulfill({ status: 412 })],
  ])('does not take a lost answer for CORS, although %s', async (_, answerProbe) => {
    const { page } = opened();
    const grant = await grantOf();
    faultsAfter = ['hang', 'hang'];
    const isProbe = (request: Request): boolean => request.method() === 'POST' && request.postData() === null;
    await page.route(grant.url, (route) => (isProbe(route.request()) ? answerProbe(route) : route.continue()));
    expect(await send(grant, 'has it')).toMatchObject({ questions: 1 });
    expect(await versions()).toBe(1);
    expect(await send(grant)).toMatchObject({ error: { reason: 'maybe-sent' } });
    await page.unroute(grant.url);
  });

  it('asks the back end before it looks for another reason, if the network broke at once', async () => {
    const { page } = opened();
    const grant = await grantOf();
    let posts = 0;
    await page.route(grant.url, async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      if (++posts > 1) return route.abort('internetdisconnected');
      await route.fetch();
      return route.abort('connectionreset');
    });
    const { error, questions } = await send(grant, 'has it');
    await page.unroute(grant.url);
    expect(error).toBeUndefined();
    expect(questions).toBe(1);
    expect(await versions()).toBe(1);
  });

  it('sends again after SlowDown, because S3 did not store the photo', async () => {
    faults = [new S3Error('SlowDown'), new S3Error('SlowDown')];
    const { error, questions } = await send(await grantOf(), 'fails');
    expect(error).toBeUndefined();
    expect(questions).toBe(0);
    expect(await versions()).toBe(1);
  });

  it('asks the back end after InternalError, because S3 does not say whether it stored the photo', async () => {
    faults = [new S3Error('InternalError')];
    expect(await send(await grantOf(), 'has it not')).toMatchObject({ questions: 1 });
    expect(await versions()).toBe(1);
    faults = [new S3Error('InternalError')];
    expect(await send(await grantOf())).toMatchObject({ error: { reason: 'maybe-sent' } });
    expect(await versions()).toBe(1);
  });

  it('gives up when S3 is busy three times', async () => {
    faults = [new S3Error('SlowDown'), new S3Error('SlowDown'), new S3Error('SlowDown')];
    expect(await send(await grantOf())).toMatchObject({ error: { reason: 'busy' } });
    expect(await versions()).toBe(0);
  });

  // Not `reset`: Chromium itself sends again when a connection that it used before is reset.
  it.each(['html-502', 'hang'] as const)(
    'does not send again after an answer that was lost (%s), if the back end has the photo',
    async (fault) => {
      faultsAfter = [fault];
      const { error, questions } = await send(await grantOf(), 'has it');
      expect(error).toBeUndefined();
      expect(questions).toBe(1);
      expect(await versions()).toBe(1);
    },
  );

  it.each(['html-502', 'hang'] as const)(
    'sends again after a lost request (%s), if the back end has no photo',
    async (fault) => {
      faults = [fault];
      const { error, questions } = await send(await grantOf(), 'has it not');
      expect(error).toBeUndefined();
      expect(questions).toBe(1);
      expect(await versions()).toBe(1);
    },
  );

  it('asks the back end after the page of a proxy, although its status is 200', async () => {
    const { page } = opened();
    const grant = await grantOf();
    const headers = { 'access-control-allow-origin': '*' };
    await page.route(grant.url, (route) => route.fulfill({ headers, body: '<p>Sign in</p>' }), { times: 1 });
    expect(await send(grant, 'has it not')).toMatchObject({ questions: 1 });
    expect(await versions()).toBe(1);
  });

  it('gives up after three lost requests', async () => {
    faults = ['html-502', 'html-502', 'html-502'];
    expect(await send(await grantOf(), 'has it not')).toMatchObject({ questions: 3, error: { reason: 'not-sent' } });
    expect(await versions()).toBe(0);
  });

  it.each([
    ['is not asked', 0, 'hasArrived gave undefined'],
    ['fails', 1, 'no back end'],
    ['gives nothing', 1, 'hasArrived gave undefined'],
    ['gives text', 1, 'hasArrived gave string'],
    ['hangs', 1, 'hasArrived gave undefined'],
  ] as const)('does not know whether a photo arrived if the back end %s', async (backEnd, questions, cause) => {
    faultsAfter = ['hang'];
    expect(await send(await grantOf(), backEnd)).toMatchObject({
      questions,
      error: { reason: 'maybe-sent', cause: expect.stringContaining(cause) },
    });
    expect(await versions()).toBe(1);
  });

  it('gives up when nothing at S3 answers any more', async () => {
    const dead = createServer().listen(0, '127.0.0.1');
    await once(dead, 'listening');
    const url = `http://127.0.0.1:${(dead.address() as AddressInfo).port}/`;
    const { fields } = await grantOf();
    const { error } = await send({ url, fields }, 'fails');
    expect(error).toMatchObject({ reason: 'maybe-sent' });
    dead.close();
    dead.closeAllConnections();
  });

  it.each([
    ['the back end’s error instead of a grant', "{ error: 'Nobody is signed in' }, new Blob()"],
    ['a grant without a URL', '{ fields: {} }, new Blob()'],
    ['the result of preparePhoto instead of its photo', "{ url: location.href, fields: {} }, { status: 'unchanged' }"],
  ])('throws a TypeError for %s, and sends nothing', async (_, parameters) => {
    const { page } = opened();
    const requests: string[] = [];
    const listener = (request: Request): number => requests.push(request.url());
    page.on('request', listener);
    expect(await page.evaluate(`livePhotos.sendPhoto(${parameters}).then(String, ({ name }) => name)`)).toBe(
      'TypeError',
    );
    page.off('request', listener);
    expect(requests).toEqual([]);
  });

  it('reports a photo that is too large for a proxy', async () => {
    const { page } = opened();
    const grant = await grantOf();
    const headers = { 'access-control-allow-origin': '*' };
    await page.route(grant.url, (route) => route.fulfill({ status: 413, headers }), { times: 1 });
    expect(await send(grant)).toMatchObject({ error: { reason: 'too-large' } });
  });

  it('does nothing if it is aborted before', async () => {
    const { url, fields } = await grantOf();
    const message = await opened().page.evaluate(
      (form) =>
        window.livePhotos
          .sendPhoto(form, new Blob(), { signal: AbortSignal.abort(new Error('enough')) })
          .then(String, (error: unknown) => String(error)),
      { url, fields },
    );
    expect(message).toBe('Error: enough');
    expect(await versions()).toBe(0);
  });

  it.each(['uploads', 'waits', 'asks the back end', 'looks for CORS'] as const)(
    'ends all requests and sends nothing more if it is aborted while it %s',
    async (moment) => {
      const { page } = opened();
      faults = moment === 'uploads' ? [] : ['html-502'];
      faultsAfter = moment === 'uploads' ? ['hang'] : [];
      const { url, fields } = await grantOf();
      if (moment === 'looks for CORS') {
        faults = [];
        await page.route(url, (route) => (route.request().method() === 'POST' ? route.abort() : undefined));
      }
      const posts: string[] = [];
      const listener = (request: Request): unknown => request.method() === 'POST' && posts.push(request.url());
      page.on('request', listener);
      const ending = page.evaluate(
        async ([form, when]) => {
          const end = new AbortController();
          const stop = (): void => end.abort(new Error('enough'));
          const requests: XMLHttpRequest[] = [];
          const signals: (AbortSignal | null | undefined)[] = [];
          Reflect.set(window, 'signals', signals);
          const Original = window.XMLHttpRequest;
          const originalFetch = window.fetch.bind(window);
          window.XMLHttpRequest = class extends Original {
            constructor() {
              super();
              requests.push(this);
              this.addEventListener('loadend', () => {
                if (when === 'waits') setTimeout(stop, 0);
              });
            }
          };
          window.fetch = (...parameters) => {
            signals.push(parameters[1]?.signal);
            if (when === 'looks for CORS') setTimeout(stop, 0);
            return originalFetch(...parameters);
          };
          let answerLate: (answer: boolean) => void = () => {};
          const hasArrived = (signal: AbortSignal): Promise<boolean> => {
            signals.push(signal);
            if (when === 'looks for CORS') return Promise.resolve(false);
            stop();
            return new Promise((resolve) => (answerLate = resolve));
          };
          const message = await window.livePhotos
            .sendPhoto(form, new Blob(['x'.repeat(300_000)]), {
              signal: end.signal,
              hasArrived,
              onProgress: () => when === 'uploads' && stop(),
            })
            .then(String, (error: unknown) => String(error));
          answerLate(false);
          window.XMLHttpRequest = Original;
          window.fetch = originalFetch;
          return {
            message,
            // XMLHttpRequest is unsent again after abort().
            states: requests.map(({ readyState }) => readyState),
          };
        },
        [{ url, fields }, moment] as const,
      );
      let isDone = false;
      void ending.finally(() => (isDone = true));
      await until(async () => {
        if (!isDone) await page.clock.runFor(100);
        return isDone;
      });
      const { message, states } = await ending;
      // Every later attempt would start within this time.
      await page.clock.runFor(600_000);
      // Requests that the page started before are reported before this answer.
      await page.evaluate(async () => (await window.load('photo.jpg')).size);
      page.off('request', listener);
      await page.unroute(url);
      expect(message).toBe('Error: enough');
      expect(states).toHaveLength(1);
      expect(posts).toHaveLength(1);
      const signals = { uploads: 0, waits: 0, 'asks the back end': 1, 'looks for CORS': 2 }[moment];
      expect(await page.evaluate('signals.map(({ aborted }) => aborted)')).toEqual(Array(signals).fill(true));
      if (moment === 'uploads') expect(states).toEqual([0]);
    },
  );

  it('goes on if the app’s onProgress throws, and reports the error to the page', async () => {
    const { page } = opened();
    const { url, fields } = await grantOf();
    const reported = page.waitForEvent('pageerror');
    await page.evaluate(
      async (form) =>
        window.livePhotos.sendPhoto(form, await window.load('photo.jpg'), {
          onProgress: () => {
            throw new Error('bug of the app');
          },
        }),
      { url, fields },
    );
    expect((await reported).message).toBe('bug of the app');
    expect(await versions()).toBe(1);
  });
});
