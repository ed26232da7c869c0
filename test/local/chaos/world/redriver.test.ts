import { describe, expect, it, jest } from '@jest/globals';
import type { FaultMatch, FaultRule } from 'complycube-stand-in/faults';
import type { PublishedEvent } from 'local-aws/eventbridge/server';
import { readMessage } from '../../../../contract/object-events';
import { type PlannedPhoto, plainPhoto } from '../../../../local/chaos/plan/photo-plan';
import type { SpecialCase } from '../../../../local/chaos/plan/special-cases';
import { Latecomers } from '../../../../local/chaos/world/latecomers';
import { Redriver } from '../../../../local/chaos/world/redriver';

const photoWith = (special: SpecialCase): PlannedPhoto => ({ ...plainPhoto(1, 'a b.jpg'), special });
const refused = (isRedriven: boolean): PlannedPhoto => photoWith({ what: 'refused', refusal: 'conflict', isRedriven });

const rejectionOf = ({ clientId, key }: PlannedPhoto): PublishedEvent => ({
  id: '1',
  bus: 'default',
  source: 'complycube.live-photos',
  detailType: 'Live Photo Rejected',
  detail: { bucket: 'photos', key, versionId: 'v', eTag: 'e', clientId, reason: 'refused-by-complycube' },
});

describe('a redriver', () => {
  const requested: { rule: FaultRule; match: FaultMatch }[] = [];
  const start = (photo: PlannedPhoto) => {
    requested.length = 0;
    const sent: string[] = [];
    const addClient = jest.fn();
    const complyCube = {
      fault: (rule: FaultRule, match: FaultMatch = () => true) => requested.push({ rule, match }),
      addClient,
    };
    return { redriver: new Redriver([photo], { complyCube, send: (body) => sent.push(body) }), sent, addClient };
  };
  const isRefused = ({ clientId }: PlannedPhoto): boolean =>
    requested.some(({ match }) => match({ call: 'POST /livePhotos', clientId, id: '' }));

  it('has a photo refused until its rejection, and then redrives it once', () => {
    const photo = refused(true);
    const { redriver, sent } = start(photo);
    expect(requested).toMatchObject([{ rule: { fault: 'status', status: 409, count: null } }]);
    expect(isRefused(photo)).toBe(true);
    redriver.onEvent(rejectionOf(photo));
    redriver.onEvent(rejectionOf(photo));
    expect(isRefused(photo)).toBe(false);
    expect(sent.map((body) => readMessage(body, 'photos').photos)).toMatchObject([
      [{ key: 'a b.jpg', versionId: 'v', eTag: 'e', retractedRejection: 'refused-by-complycube' }],
    ]);
  });

  it('lets a rejection be a rejection if the plan says so', () => {
    const photo = refused(false);
    const { redriver, sent } = start(photo);
    redriver.onEvent(rejectionOf(photo));
    expect(isRefused(photo)).toBe(true);
    expect(sent).toEqual([]);
  });

  it('creates a client that was unknown', () => {
    const photo = photoWith({ what: 'client unknown', isRedriven: true });
    const { redriver, sent, addClient } = start(photo);
    redriver.onEvent(rejectionOf(photo));
    expect(addClient).toHaveBeenCalledWith(photo.clientId);
    expect(sent).toHaveLength(1);
  });
});

describe('latecomers', () => {
  it('come while a refused photo has no outcome, once the app has put all planned photos', () => {
    jest.useFakeTimers();
    try {
      const late: string[] = [];
      const app = { isIdle: false, putLate: ({ key }: PlannedPhoto) => late.push(key) };
      const photo = refused(false);
      const latecomers = new Latecomers([photo], 1, app, 1);
      jest.advanceTimersByTime(3_600_000);
      expect(late).toEqual([]);
      app.isIdle = true;
      jest.advanceTimersByTime(1_200_000);
      expect(late).toEqual(['late/00001.jpg', 'late/00002.jpg']);
      latecomers.onEvent(rejectionOf(photo));
      jest.advanceTimersByTime(3_600_000);
      expect(late).toHaveLength(2);
      latecomers.stop();
    } finally {
      jest.useRealTimers();
    }
  });
});
