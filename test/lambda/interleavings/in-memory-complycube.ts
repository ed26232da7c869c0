import type { Answer, ComplyCube, LivePhoto, LivePhotoPage, Refused } from '../../../lambda/complycube';
import type { LivePhotoRequest } from '../../../lambda/live-photo';
import type { Step } from './in-memory-s3';

/** A live photo as it is stored. */
export interface StoredLivePhoto {
  readonly id: string;
  readonly clientId: string;
  readonly bytes: Buffer;
  readonly createdAtMs: number;
}

/** How one call goes: as it should, refused before anything was stored, or with its answer lost after it was. */
export type CallFate =
  'accepted' | 429 | 500 | 422 | 'unsent' | 'reset before' | '500 after' | 'reset after' | 'no answer';

/** What the calls of an environment need of the world. */
export interface ComplyCubeWorld {
  readonly livePhotos: StoredLivePhoto[];
  now(): number;
  nextFate(): CallFate;
  /** Runs an effect that is on its way by itself: it takes place even if the environment that sent it dies. */
  inFlight<T>(label: string, effect: () => T): Promise<T>;
  /** Resolves when a call would have timed out. */
  callTimeout(): Promise<void>;
}

/** ComplyCube's calls over a shared list of live photos. */
export function createInMemoryComplyCube(
  world: ComplyCubeWorld,
  step: Step,
): Pick<ComplyCube, 'uploadLivePhoto' | 'listLivePhotos' | 'downloadLivePhoto'> {
  const store = ({ clientId }: LivePhotoRequest, bytes: Buffer): LivePhoto => {
    const id = `live-photo-${world.livePhotos.length + 1}`;
    world.livePhotos.push({ id, clientId, bytes, createdAtMs: world.now() });
    return { id };
  };
  return {
    async uploadLivePhoto(request, image, { gate }): Promise<Answer<LivePhoto>> {
      await step('POST →');
      gate.pass();
      const fate = world.nextFate();
      if (fate === 'unsent') return unknown(true);
      if (typeof fate === 'number') {
        await step('POST ← refused');
        return refused(fate);
      }
      if (fate === 'reset before') return unknown(false);
      const bytes = Buffer.from(await image.until(image.length));
      const value = await world.inFlight('POST is stored', () => store(request, bytes));
      if (fate === 'no answer') await world.callTimeout();
      await step('POST ←');
      if (fate === '500 after') return refused(500);
      if (fate !== 'accepted') return unknown(false);
      return { kind: 'accepted', status: 200, value, requestId: undefined, tookMs: 0 };
    },
    async listLivePhotos(clientId, page, { gate }): Promise<Answer<LivePhotoPage>> {
      await step('LIST →');
      gate.pass();
      const fate = world.nextFate();
      if (fate !== 'accepted') return typeof fate === 'number' && fate !== 422 ? refused(fate) : unknown(false);
      const all = world.livePhotos.filter((livePhoto) => livePhoto.clientId === clientId).reverse();
      const livePhotos = all
        .slice(page - 1, page)
        .map(({ id, bytes, createdAtMs }) => ({ id, size: bytes.length, createdAtMs }));
      await step('LIST ←');
      return {
        kind: 'accepted',
        status: 200,
        value: { livePhotos, pages: all.length },
        requestId: undefined,
        tookMs: 0,
      };
    },
    async downloadLivePhoto(id, { gate }): Promise<Answer<Buffer>> {
      await step('DOWNLOAD →');
      gate.pass();
      const fate = world.nextFate();
      if (fate !== 'accepted') return typeof fate === 'number' && fate !== 422 ? refused(fate) : unknown(false);
      const found = world.livePhotos.find((livePhoto) => livePhoto.id === id);
      await step('DOWNLOAD ←');
      if (found === undefined) return refused(404);
      return { kind: 'accepted', status: 200, value: found.bytes, requestId: undefined, tookMs: 0 };
    },
  };
}

function refused(status: number): Refused {
  return {
    ...{ kind: 'refused', status, requestId: undefined, tookMs: 0 },
    ...{ type: undefined, message: undefined, param: undefined, retryAfterMs: undefined },
  };
}

function unknown(isSurelyUnsent: boolean): Answer<never> {
  return {
    kind: 'unknown',
    status: undefined,
    isSurelyUnsent,
    cause: new Error('no answer'),
    requestId: undefined,
    tookMs: 0,
  };
}
