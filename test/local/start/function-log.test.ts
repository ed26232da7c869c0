import { beforeEach, describe, expect, it } from '@jest/globals';
import { FunctionLog, type LoggedPhoto } from '../../../local/start/function-log';

describe('the function’s log', () => {
  let log: FunctionLog;
  let results: LoggedPhoto[];

  beforeEach(() => {
    results = [];
    log = new FunctionLog((photo) => results.push(photo));
  });

  const take = (fields: object): void =>
    log.take(JSON.stringify({ level: 'INFO', key: 'a.jpg', versionId: 'v1', receives: 1, ...fields }));

  it('reports the outcome of a photo', () => {
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
    expect(results).toEqual([photo]);
  });

  it.each([
    [{ status: 'rejected', reason: 'too-small', detail: 'It is small', isTagged: false }, 'too-small', 'It is small'],
    [{ status: 'skipped', because: 'gone' }, 'gone', undefined],
  ])('reports the reason in %j', (fields, reason, detail) => {
    take(fields);
    expect(log.find('a.jpg', 'v1')).toMatchObject({ status: fields.status, reason, isTagged: false });
    expect(log.find('a.jpg', 'v1')?.detail).toBe(detail);
  });

  it('distinguishes the versions of a key, and objects without a version', () => {
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

  it('reports a retry once for each different error', () => {
    for (const error of ['one', 'one', 'two', 'two']) take({ error });
    expect(results.map(({ error }) => error)).toEqual(['one', 'two']);
  });

  it('keeps the last error and the number of deliveries', () => {
    take({ error: 'one' });
    take({ error: 'two', receives: 2 });
    expect(log.find('a.jpg', 'v1')).toMatchObject({ status: undefined, deliveries: 2, error: 'two' });
    take({ status: 'uploaded', receives: 3 });
    expect(log.find('a.jpg', 'v1')).toMatchObject({ status: 'uploaded', deliveries: 3, error: 'two' });
    expect(results).toHaveLength(3);
  });

  it('ignores a duplicate of the event after the outcome, but not an outcome after a duplicate', () => {
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
  ])('ignores the line %j', (line) => {
    log.take(line);
    expect(results).toEqual([]);
  });

  describe('awaited', () => {
    it('resolves with the outcome, not with a retry', async () => {
      const ended = log.ended('a.jpg', 'v1');
      take({ error: 'not yet' });
      take({ status: 'uploaded', versionId: 'v2' });
      take({ status: 'rejected', reason: 'too-small' });
      expect(await ended).toMatchObject({ status: 'rejected', reason: 'too-small', error: 'not yet' });
    });

    it('resolves immediately if the outcome is known', async () => {
      take({ status: 'uploaded' });
      expect(await log.ended('a.jpg', 'v1')).toMatchObject({ status: 'uploaded' });
    });
  });
});
