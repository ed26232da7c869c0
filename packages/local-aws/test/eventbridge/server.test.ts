import { EventBridgeClient, PutEventsCommand, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type LocalEventBridge, type PublishedEvent, startEventBridge } from '../../src/eventbridge/server';

let bridge: LocalEventBridge;
let client: EventBridgeClient;
let seen: PublishedEvent[];

beforeEach(async () => {
  seen = [];
  bridge = await startEventBridge({ onEvent: (event) => seen.push(event) });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new EventBridgeClient({ endpoint: bridge.url, region: 'us-east-1', credentials, maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await bridge.close();
});

const good = { Source: 'app', DetailType: 'Done', Detail: '{"id":1}' };

describe('the local EventBridge', () => {
  it('keeps each valid event and reports each invalid entry', async () => {
    const Entries = [good, { ...good, Source: '' }, { ...good, Detail: '[]' }, { ...good, EventBusName: 'mine' }];
    const { FailedEntryCount, Entries: results = [] } = await client.send(new PutEventsCommand({ Entries }));
    expect(FailedEntryCount).toBe(2);
    expect(results.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      'InvalidArgument',
      'MalformedDetail',
      undefined,
    ]);
    const event = { source: 'app', detailType: 'Done', detail: { id: 1 } };
    expect(bridge.events).toEqual([
      { ...event, bus: 'default', id: results[0]?.EventId },
      { ...event, bus: 'mine', id: results[3]?.EventId },
    ]);
    expect(seen).toEqual(bridge.events);
  });

  it('refuses more than ten entries', async () => {
    const putting = client.send(new PutEventsCommand({ Entries: Array.from({ length: 11 }, () => good) }));
    await expect(putting).rejects.toMatchObject({ name: 'ValidationException' });
    expect(bridge.events).toEqual([]);
  });

  it('refuses every other operation by its name', async () => {
    await expect(client.send(new PutRuleCommand({ Name: 'rule' }))).rejects.toThrow(/PutRule/);
  });
});
