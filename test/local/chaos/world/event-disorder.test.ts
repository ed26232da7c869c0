import { describe, expect, it } from '@jest/globals';
import { readMessage } from '../../../../contract/object-events';
import { EventDisorder } from '../../../../local/chaos/world/event-disorder';
import type { EventShape } from '../../../../local/chaos/plan/event-shapes';
import { drawPhotos, type PlannedPhoto } from '../../../../local/chaos/plan/photo-plan';
import { until } from '../../../until';

const [template] = drawPhotos(1, 1) as [PlannedPhoto];

const planned = (key: string, eventShape: EventShape, deliveriesMs: number[] = [0]): PlannedPhoto => ({
  ...template,
  key,
  eventShape,
  deliveriesMs,
  interference: undefined,
});
const notification = (key: string): string =>
  JSON.stringify({
    Records: [
      {
        eventVersion: '2.1',
        eventName: 'ObjectCreated:Copy',
        eventTime: '2026-11-26T06:00:00.000Z',
        s3: {
          bucket: { name: 'photos' },
          object: { key: encodeURIComponent(key), size: 1, eTag: 'e', versionId: 'v' },
        },
      },
    ],
  });

/** What comes to the queue when these photos are put one after another. */
function deliver(...photos: PlannedPhoto[]): { bodies: string[]; disorder: EventDisorder } {
  const bodies: string[] = [];
  const disorder = new EventDisorder(photos, 1_000);
  for (const { key } of photos) {
    const body = notification(key);
    disorder.take(body, (sent = body) => bodies.push(sent));
  }
  return { bodies, disorder };
}
const contentOf = (body = '') => {
  const { photos, deadLetters } = readMessage(body, 'photos');
  return { keys: photos.map(({ key }) => key), reasons: deadLetters.map(({ reason }) => reason) };
};

describe('the events of a chaos run', () => {
  it.each([
    [{ what: 'notification' }, []],
    [{ what: 'EventBridge event' }, []],
    [{ what: 'with a removal' }, []],
    [{ what: 'with a malformed record', reason: 'record-malformed', id: 'x' }, ['record-malformed']],
    [{ what: 'with a malformed record', reason: 'wrong-bucket', id: 'x' }, ['wrong-bucket']],
    [{ what: 'with a malformed record', reason: 'schema-unsupported', id: 'x' }, ['schema-unsupported']],
    [{ what: 'with a malformed record', reason: 'event-type-unsupported', id: 'x' }, ['event-type-unsupported']],
  ] as [EventShape, string[]][])('are delivered as %j', (shape, reasons) => {
    const { bodies } = deliver(planned('a b/é.jpg', shape));
    expect(bodies.map(contentOf)).toEqual([{ keys: ['a b/é.jpg'], reasons }]);
    expect(readMessage(bodies[0] ?? '').photos[0]).toMatchObject({ isCopy: true, versionId: 'v', eTag: 'e' });
  });

  it('can share a message', () => {
    const { bodies, disorder } = deliver(
      planned('a', { what: 'with the next record' }),
      planned('b', { what: 'EventBridge event' }),
      planned('c', { what: 'notification' }),
    );
    expect(bodies.map((body) => contentOf(body).keys)).toEqual([['b'], ['a', 'c']]);
    expect(disorder.heldCount).toBe(0);
  });

  it('are delivered alone if no other event follows', async () => {
    const { bodies, disorder } = deliver(planned('a', { what: 'with the next record' }));
    expect(disorder.heldCount).toBe(1);
    await until(() => bodies.length > 0);
    expect(contentOf(bodies[0]).keys).toEqual(['a']);
    expect(disorder.heldCount).toBe(0);
  });

  it('are delivered late and more than once', async () => {
    const { bodies, disorder } = deliver(planned('a', { what: 'notification' }, [0, 50_000]));
    expect(bodies).toHaveLength(1);
    await until(() => bodies.length > 1);
    expect([disorder.repeated, disorder.late]).toEqual([1, 1]);
  });
});
