import type { ListedLivePhoto } from '../../../contract/inquiry';
import type { Answer, LivePhoto, LivePhotoPage, Refused } from '../../../lambda/complycube/answer';
import type { BatchDeps } from '../../../lambda/process-batch';
import type { LivePhotoRequest } from '../../../contract/photo-rules';
import { aborted, type Step } from './in-memory-s3';

/** A live photo as it is stored. */
export interface StoredLivePhoto {
  readonly id: string;
  readonly clientId: string;
  readonly bytes: Buffer;
  readonly createdAtMs: number;
  /** The earliest time at which lists contain it. */
  readonly listedAtMs: number;
}

/** How one call ends: accepted, refused before the photo is stored, or with a lost or wrong answer after it is stored. */
export type CallFate =
  | 'accepted'
  | 402
  | 409
  | 422
  | 429
  | 500
  | 'client unknown'
  | 'unsent'
  | 'reset before'
  | '500 after'
  | 'reset after'
  | 'no answer';

/** Dependencies of an environment's calls on the world. */
export interface ComplyCubeWorld {
  /** Changed in place. */
  readonly livePhotos: StoredLivePhoto[];
  now(): number;
  nextFate(): CallFate;
  /** How long lists don't contain the next live photo. */
  nextListingDelayMs(): number;
  /** Called when a live photo is deleted. */
  deletes(livePhoto: StoredLivePhoto): void;
  /** Called when ComplyCube refuses to delete a live photo because a check has used it. */
  refusesDeletion(livePhotoId: string): void;
  /** Called when a photo arrives, before it is stored. */
  arrives(clientId: string, bytes: Buffer): void;
  /** Runs an effect that is in flight: it takes place even if the environment that sent it dies. */
  inFlight<T>(label: string, effect: () => T): Promise<T>;
  /** Resolves when a call times out. */
  callTimeout(): Promise<void>;
}

const accepted = { kind: 'accepted', requestId: undefined, tookMs: 0 } as const;

/** The number of the latest live photo. IDs are never used again. */
let made = 0;

/** ComplyCube's calls over a shared list of live photos. */
export function createInMemoryComplyCube(world: ComplyCubeWorld, step: Step): BatchDeps['complyCube'] {
  const notFound = { ...refused(404), type: 'resource_not_found', message: 'Invalid live photo id' };
  const store = ({ clientId }: LivePhotoRequest, bytes: Buffer): LivePhoto => {
    const id = `live-photo-${++made}`;
    world.arrives(clientId, bytes);
    const createdAtMs = world.now();
    world.livePhotos.push({ id, clientId, bytes, createdAtMs, listedAtMs: createdAtMs + world.nextListingDelayMs() });
    return { id };
  };
  return {
    async uploadLivePhoto(request, image, { gate, signal }): Promise<Answer<LivePhoto>> {
      await step('POST →');
      gate.pass();
      const fate = world.nextFate();
      if (fate === 'unsent') return unknown(true);
      if (isRefusal(fate)) {
        await step('POST ← refused');
        return refused(fate);
      }
      if (fate === 'reset before') return unknown(false);
      const bytes = Buffer.from(await image.until(image.length));
      const storing = world.inFlight('POST is stored', () => store(request, bytes));
      const answering = async (): Promise<Answer<LivePhoto>> => {
        const value = await storing;
        if (fate === 'no answer') await world.callTimeout();
        await step('POST ←');
        if (fate === '500 after') return refused(500);
        if (fate !== 'accepted') return unknown(false);
        return { kind: 'accepted', status: 200, value, requestId: undefined, tookMs: 0 };
      };
      // Aborting destroys the connection: the answer is unknown, but the photo is stored anyway.
      return Promise.race([answering(), aborted(signal).catch(() => unknown(false))]);
    },
    async listLivePhotos(clientId, page, { gate }): Promise<Answer<LivePhotoPage>> {
      await step('LIST →');
      gate.pass();
      const fate = world.nextFate();
      if (fate !== 'accepted') return typeof fate === 'number' && fate !== 422 ? refused(fate) : unknown(false);
      const all = world.livePhotos
        .filter((livePhoto) => livePhoto.clientId === clientId && livePhoto.listedAtMs <= world.now())
        .reverse();
      const livePhotos = all
        .slice(page - 1, page)
        .map(({ id, bytes, createdAtMs }) => ({ id, size: bytes.length, createdAtMs }));
      await step('LIST ←');
      return {
        kind: 'accepted',
        status: 200,
        value: { livePhotos, unnamed: [], pages: all.length },
        requestId: undefined,
        tookMs: 0,
      };
    },
    async downloadLivePhoto({ id }, { gate }): Promise<Answer<Buffer>> {
      await step('DOWNLOAD →');
      gate.pass();
      const fate = world.nextFate();
      if (fate !== 'accepted') return typeof fate === 'number' && fate !== 422 ? refused(fate) : unknown(false);
      const found = world.livePhotos.find((livePhoto) => livePhoto.id === id);
      await step('DOWNLOAD ←');
      if (found === undefined) return notFound;
      return { kind: 'accepted', status: 200, value: found.bytes, requestId: undefined, tookMs: 0 };
    },
    async readLivePhoto(id, { gate }, expected): Promise<Answer<ListedLivePhoto>> {
      await step('GET →');
      gate.pass();
      const fate = world.nextFate();
      if (fate !== 'accepted') return isRefusal(fate) ? refused(fate) : unknown(false);
      const found = world.livePhotos.find((livePhoto) => livePhoto.id === id);
      await step('GET ←');
      if (found === undefined) return notFound;
      const { clientId, bytes, createdAtMs } = found;
      // The real client does not trust an answer about another client or size.
      if (
        expected !== undefined &&
        (clientId !== expected.clientId || bytes.length !== (expected.bytes ?? bytes.length))
      ) {
        return unknown(false);
      }
      return { ...accepted, status: 200, value: { id, size: bytes.length, createdAtMs } };
    },
    async deleteLivePhoto(id, { gate, signal }): Promise<Answer<undefined>> {
      await step('DELETE →');
      gate.pass();
      const fate = world.nextFate();
      if (fate === 'unsent') return unknown(true);
      if (fate === 422) {
        world.refusesDeletion(id);
        await step('DELETE ← refused');
        return { ...refused(422), type: 'invalid_request', message: 'A check has used the live photo' };
      }
      if (isRefusal(fate)) return refused(fate);
      if (fate === 'reset before') return unknown(false);
      const deleting = world.inFlight('DELETE takes effect', () => {
        const at = world.livePhotos.findIndex((livePhoto) => livePhoto.id === id);
        const [deleted] = at < 0 ? [] : world.livePhotos.splice(at, 1);
        if (deleted !== undefined) world.deletes(deleted);
        return deleted !== undefined;
      });
      const answering = async (): Promise<Answer<undefined>> => {
        const existed = await deleting;
        if (fate === 'no answer') await world.callTimeout();
        await step('DELETE ←');
        if (fate === '500 after') return refused(500);
        if (fate !== 'accepted') return unknown(false);
        return existed ? { ...accepted, status: 204, value: undefined } : notFound;
      };
      return Promise.race([answering(), aborted(signal).catch(() => unknown(false))]);
    },
  };
}

function isRefusal(fate: CallFate): fate is (number & CallFate) | 'client unknown' {
  return typeof fate === 'number' || fate === 'client unknown';
}

function refused(fate: number | 'client unknown'): Refused {
  const isClientUnknown = fate === 'client unknown';
  return {
    ...{ kind: 'refused', requestId: undefined, tookMs: 0, type: undefined, retryAfterMs: undefined },
    status: isClientUnknown ? 404 : fate,
    message: isClientUnknown ? 'The client does not exist' : undefined,
    param: isClientUnknown ? 'clientId' : undefined,
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
