import { expect } from '@jest/globals';
import {
  type ClientErasureRecord,
  type ErasureRecord,
  erasureRecordPrefix,
  tombstonePrefix,
} from '../../../contract/erasure-record';
import { tagNames } from '../../../contract/outcome-tags';
import { pictureOf } from './pictures';
import type { Scenario, ScenarioPhoto } from './scenario';
import { isStray, scannerTag, type World } from './world';

/** What holds after every run, in any order and with any failures. */
export type Invariant =
  | 'no tags for another live photo'
  | 'every message ends'
  | 'each outcome is published'
  | 'the tags of others survive'
  | 'one live photo at most'
  | 'every invocation answers'
  | 'an erased version has no live photo'
  | 'an erased version is tagged, and only with that'
  | 'an erasure has evidence exactly once'
  | 'the evidence is true'
  | 'only the version’s own live photo is deleted'
  | 'an erased client has no live photo'
  | 'the erasure of a client has evidence exactly once';

/** An invariant that does not hold. */
export class BrokenInvariantError extends Error {
  override readonly name = 'BrokenInvariantError';

  constructor(
    readonly invariant: Invariant,
    cause: unknown,
  ) {
    super(`${invariant}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Finds every invariant that does not hold. */
export function findBroken(world: World, { photos, strays, clientErasure }: Scenario): BrokenInvariantError[] {
  const broken: BrokenInvariantError[] = [];
  const holds = (invariant: Invariant, check: () => void): void => {
    try {
      check();
    } catch (error) {
      broken.push(new BrokenInvariantError(invariant, error));
    }
  };
  for (const photo of photos) {
    const version = world.s3.photos.get(`${photo.key} ${photo.versionId}`);
    const tags = version?.tags ?? new Map<string, string>();
    const livePhoto = world.livePhotos.find(({ id }) => id === tags.get(tagNames.livePhotoId));
    const messages = world.messages.filter((message) => message.photo === photo);
    const erasures = messages.filter(({ isErasure }) => isErasure);
    const isErased = erasures.some(({ body }) => !world.deadLetters.has(body));
    // Two versions with the same bytes and the same client: nobody can tell their live photos apart.
    const hasTwin = photos.some(
      (other) => other !== photo && other.clientId === photo.clientId && other.picture === photo.picture,
    );
    const own = world.livePhotos.filter(
      ({ clientId, bytes }) => clientId === photo.clientId && pictureOf(bytes) === photo.picture,
    );
    // The command line erases a client only after its versions. Here it may happen at any time, and delete their live photos.
    const isOfErasedClient = clientErasure?.clientId === photo.clientId;
    const deletedWithClient = world.deletedLivePhotos.filter(
      ({ clientId, picture }) => isOfErasedClient && clientId === photo.clientId && picture === photo.picture,
    );
    const isRefused = [...own, ...deletedWithClient].some(({ id }) => world.undeletable.has(id));

    // No tag is on the wrong version, and none names a live photo that does not exist.
    holds('no tags for another live photo', () => {
      if (tags.get(tagNames.status) !== 'uploaded') return;
      if (livePhoto === undefined && (hasTwin || isOfErasedClient)) return; // another erasure may have deleted it
      expect(livePhoto?.clientId).toBe(photo.clientId);
      expect(livePhoto && pictureOf(livePhoto.bytes)).toBe(photo.picture);
    });
    // No message is lost, and no temporary failure leads to the dead-letter queue.
    holds('every message ends', () => {
      for (const { state } of messages) {
        expect(state).toBe('acknowledged');
        const isTagged = state === 'acknowledged' && version?.isDeleted === false && !isRefused;
        if (isTagged) expect(tags.get(tagNames.status)).toBeDefined();
      }
    });
    holds('every message ends', () => {
      // Only the erasure of a version that is gone can't be done.
      for (const { body } of erasures) expect(version?.isDeleted === true || !world.deadLetters.has(body)).toBe(true);
    });
    if (isErased && !isRefused && !hasTwin) {
      holds('an erased version has no live photo', () => {
        expect(own).toEqual([]);
      });
      holds('an erased version is tagged, and only with that', () => {
        if (version?.isDeleted !== false) return;
        const ownTags = Object.values(tagNames).filter((name) => tags.has(name));
        expect(ownTags).toEqual([tagNames.status]);
        expect(tags.get(tagNames.status)).toBe('erased');
      });
      const records = [...world.s3.claims]
        .filter(([key]) => key.startsWith(erasureRecordPrefix) && key.includes(`/${photo.versionId}-`))
        .map(([, { body }]) => JSON.parse(body) as ErasureRecord);
      // A refused request has a record too, and a later request may succeed.
      const evidence = records.filter(({ outcome }) => outcome !== 'refused');
      holds('an erasure has evidence exactly once', () => {
        expect(evidence).toHaveLength(1);
        expect(new Set(records.map(({ requestId }) => requestId)).size).toBe(records.length);
        expect(world.published).toContain(`${photo.versionId} erased`);
      });
      holds('the evidence is true', () => {
        if (isOfErasedClient) return;
        const isDeleted = world.deletedLivePhotos.some(
          ({ clientId, picture }) => clientId === photo.clientId && picture === photo.picture,
        );
        expect(evidence[0]?.outcome).toBe(isDeleted ? 'deleted' : 'not-found');
      });
    }
    if (erasures.length === 0 && !hasTwin && !isOfErasedClient) {
      holds('only the version’s own live photo is deleted', () => {
        expect(world.deletedLivePhotos.filter((deleted) => deleted.clientId === photo.clientId)).not.toContainEqual(
          expect.objectContaining({ picture: photo.picture }),
        );
      });
    }
    holds('each outcome is published', () => {
      // A deleted object can't be read again, so its client is unknown.
      const status = version?.isDeleted === false ? tags.get(tagNames.status) : undefined;
      if (status !== undefined && messages.every(({ state }) => state === 'acknowledged')) {
        expect(world.published).toContain(`${photo.versionId} ${status}`);
      }
    });
    holds('the tags of others survive', () => {
      for (const [name, value] of Object.entries(photo.tags)) expect(tags.get(name)).toBe(value);
      if (world.scanned.has(photo.versionId)) expect(tags.get(scannerTag.name)).toBe(scannerTag.value);
    });
  }
  // At most one live photo for each object version: versions with the same bytes and client may share one.
  const ownerOf = (clientId: string, picture: number | undefined): string => `${clientId} ${picture ?? 'unknown'}`;
  const versions = countBy(photos.map(({ clientId, picture }) => ownerOf(clientId, picture)));
  const made = countBy(
    world.livePhotos
      .filter((livePhoto) => !isStray(livePhoto))
      .map(({ clientId, bytes }) => ownerOf(clientId, pictureOf(bytes))),
  );
  holds('one live photo at most', () => {
    for (const [owner, count] of made) expect(count).toBeLessThanOrEqual(versions.get(owner) ?? 0);
  });
  if (clientErasure !== undefined) {
    const { clientId } = clientErasure;
    const versionsOfClient = photos.filter((photo) => photo.clientId === clientId);
    const isTombstoned = ({ versionId }: ScenarioPhoto): boolean =>
      [...world.s3.claims.keys()].some((key) => key.startsWith(tombstonePrefix) && key.includes(`/${versionId}-`));
    const hasTwins = new Set(versionsOfClient.map(({ picture }) => picture)).size < versionsOfClient.length;
    const left = world.livePhotos.filter((livePhoto) => livePhoto.clientId === clientId);
    holds('an erased client has no live photo', () => {
      const areVersionsErased = versionsOfClient.every(isTombstoned) && !hasTwins;
      const unexpected = areVersionsErased ? left : left.filter(isStray);
      expect(unexpected.filter(({ id }) => !world.undeletable.has(id))).toEqual([]);
      for (const message of world.messages.filter(({ photo }) => photo === undefined)) {
        expect(message.state).toBe('acknowledged');
        expect(world.deadLetters).not.toContain(message.body);
      }
    });
    holds('the erasure of a client has evidence exactly once', () => {
      const records = [...world.s3.claims].filter(([key]) => /^records\/erasures\/[^/]+\/client\//.test(key));
      expect(records).toHaveLength(1);
      if (versionsOfClient.length > 0 || world.undeletable.size > 0) return;
      const record = JSON.parse(records[0]?.[1].body ?? '') as ClientErasureRecord;
      const number = strays.filter((stray) => stray === clientId).length;
      expect(record).toMatchObject({ deleted: number, notFound: 0, refused: 0 });
    });
  }
  const othersStrays = strays.filter((stray) => stray !== clientErasure?.clientId).length;
  holds('only the version’s own live photo is deleted', () => {
    const kept = world.livePhotos.filter((one) => isStray(one) && one.clientId !== clientErasure?.clientId);
    expect(kept).toHaveLength(othersStrays);
  });
  holds('every invocation answers', () => {
    expect(world.unanswered).toBe(0);
  });
  return broken;
}

function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
