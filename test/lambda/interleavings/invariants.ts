import { expect } from '@jest/globals';
import { tagNames } from '../../../lambda/photo-tags';
import { pictureOf, type Scenario, type World } from './world';

/** Checks, after a run, everything that holds whatever the order and whatever failed. */
export function checkInvariants(world: World, { photos }: Scenario): void {
  for (const photo of photos) {
    const version = world.s3.photos.get(`${photo.key} ${photo.versionId}`);
    const tags = version?.tags ?? new Map<string, string>();
    const livePhoto = world.livePhotos.find(({ id }) => id === tags.get(tagNames.livePhotoId));
    const messages = world.messages.filter((message) => message.photo === photo);

    // Never a tag on the wrong version, nor one for a live photo that isn't there.
    if (tags.get(tagNames.status) === 'uploaded') {
      expect(livePhoto?.clientId).toBe(photo.clientId);
      expect(livePhoto && pictureOf(livePhoto.bytes)).toBe(photo.picture);
    }
    // Every message ends tagged, dead-lettered or explicitly skipped.
    for (const { state } of messages) {
      expect(state).not.toBe('queued');
      if (state === 'acknowledged' && version?.isDeleted === false) expect(tags.get(tagNames.status)).toBeDefined();
    }
    // Each outcome is published once or more.
    const status = tags.get(tagNames.status);
    if (status !== undefined && messages.every(({ state }) => state === 'acknowledged')) {
      expect(world.published).toContain(`${photo.versionId} ${status}`);
    }
    // The tags of others survive.
    for (const [name, value] of Object.entries(photo.tags)) expect(tags.get(name)).toBe(value);
  }
  // At most one live photo for each object version: versions with the same bytes and client may share one.
  const ownerOf = (clientId: string, picture: number | undefined): string => `${clientId} ${picture ?? 'unknown'}`;
  const versions = countBy(photos.map(({ clientId, picture }) => ownerOf(clientId, picture)));
  const made = countBy(world.livePhotos.map(({ clientId, bytes }) => ownerOf(clientId, pictureOf(bytes))));
  for (const [owner, count] of made) expect(count).toBeLessThanOrEqual(versions.get(owner) ?? 0);
}

function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
