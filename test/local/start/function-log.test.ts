import { beforeEach, describe, expect, it } from '@jest/globals';
import { FunctionLog, type LoggedPhoto } from '../../../local/start/function-log';

describe('the function’s log', () => {
  let log: FunctionLog;
  let told: LoggedPhoto[];

  beforeEach(() => {
    told = [];
    log = new FunctionLog((photo) => told.push(photo));
  });

  const take = (fields: object): void => {
    log.take(JSON.stringify({ level: 'INFO', key: 'a.jpg', versionId: 'v1', receives: 1, ...fields }));
  };

  it('tells what became of a photo', () => {
    take({ status: 'uploaded', livePhotoId: 'id', isTagged: true });
    const photo = {
      key: 'a.jpg',
      deliveries: 1,
      status: 'uploaded',
      livePhotoId: 'id',
      reason: undefined,
      detail: undefined,
      isTagged: true,
      error: undefined,
    };
    expect(log.find('a.jpg', 'v1')).toEqual(photo);
    expect(told).toEqual([photo]);
  });

  it.each([
    [{ status: 'rejected', reason: 'too-small', detail: 'It is small', isTagged: false }, 'too-small', 'It is small'],
    [{ status: 'skipped', because: 'gone' }, 'gone', undefined],
  ])('tells the reason in %j', (fields, reason, detail) => {
    take(fields);
    expect(log.find('a.jpg', 'v1')).toMatchObject({ status: fields.status, reason, isTagged: false });
    expect(log.find('a.jpg', 'v1')?.detail).toBe(detail);
  });

  it('keeps the versions of a key apart, and photos without a version', () => {
    take({ status: 'uploaded' });
    take({ status: 'rejected', versionId: 'v2' });
    take({ status: 'skipped', versionId: undefined });
    expect(['v1', 'v2', undefined, 'v3'].map((versionId) => log.find('a.jpg', versionId)?.status)).toEqual([
      'uploaded',
      'rejected',
      'skipped',
      undefined,
    ]);
  });

  it('keeps the last error until the photo ends, and counts its deliveries', () => {
    take({ error: 'one' });
    take({ error: 'two', receives: 2 });
    expect(log.find('a.jpg', 'v1')).toMatchObject({ status: undefined, deliveries: 2, error: 'two' });
    take({ status: 'uploaded', receives: 3 });
    expect(log.find('a.jpg', 'v1')).toMatchObject({ status: 'uploaded', deliveries: 3, error: 'two' });
    expect(told).toHaveLength(3);
  });

  it('is not changed by a duplicate of an event after the outcome, but by an outcome after a duplicate', () => {
    take({ status: 'skipped', because: 'duplicate', receives: 2 });
    take({ status: 'uploaded' });
    take({ status: 'skipped', because: 'duplicate', receives: 3 });
    expect(log.find('a.jpg', 'v1')).toMatchObject({ status: 'uploaded', deliveries: 1 });
  });

  it.each([
    ['(node:1) Warning: old'],
    [''],
    ['null'],
    ['7'],
    ['"a.jpg"'],
    ['[]'],
    ['{"message":"S3 sent its test event"}'],
    ['{"key":'],
  ])('passes over the line %j', (line) => {
    log.take(line);
    expect(told).toEqual([]);
  });

  describe('awaited', () => {
    it('tells the outcome when it comes, and no retry before it', async () => {
      const ended = log.ended('a.jpg', 'v1');
      take({ error: 'not yet' });
      take({ status: 'uploaded', versionId: 'v2' });
      take({ status: 'rejected', reason: 'too-small' });
      expect(await ended).toMatchObject({ status: 'rejected', reason: 'too-small', error: 'not yet' });
    });

    it('tells the outcome at once when it has come before', async () => {
      take({ status: 'uploaded' });
      expect(await log.ended('a.jpg', 'v1')).toMatchObject({ status: 'uploaded' });
    });
  });
});
