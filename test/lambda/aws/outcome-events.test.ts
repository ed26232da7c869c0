import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { beforeEach, describe, expect, it } from '@jest/globals';
import Ajv2020 from 'ajv/dist/2020';
import { mockClient } from 'aws-sdk-client-mock';
import schema from '../../../docs/outcome-event.schema.json';
import { type UploadOutcome, reject, rejectionReasons } from '../../../contract/outcome';
import { OutcomeEvents } from '../../../lambda/aws/outcome-events';
import { photoLocation } from '../fixtures/events';

const eventBridge = mockClient(EventBridgeClient);
const events = new OutcomeEvents(new EventBridgeClient({ region: 'eu-west-2' }), 'bus');
const signal = new AbortController().signal;
const validate = new Ajv2020().compile(schema);

beforeEach(() => {
  eventBridge.reset();
  eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
});

async function publish(
  outcome: UploadOutcome,
  more: { clientId?: string; isTagged?: boolean; versionId?: string | undefined } = {},
) {
  const { clientId, isTagged = true, ...change } = more;
  await events.publish({ location: { ...photoLocation, ...change }, clientId, outcome, isTagged }, signal);
  const [entry] = eventBridge.commandCalls(PutEventsCommand)[0]?.args[0].input.Entries ?? [];
  return { ...entry, Detail: JSON.parse(entry?.Detail ?? '') as unknown };
}
const throttled = new Error('throttled');
const uploaded: UploadOutcome = { status: 'uploaded', livePhotoId: 'abc' };

describe('an outcome’s event', () => {
  it.each<[string, UploadOutcome, boolean]>([
    ['Live Photo Uploaded', uploaded, true],
    ['Live Photo Uploaded But Not Tagged', uploaded, false],
    ['Live Photo Rejected', reject('too-small', 'tiny'), true],
    ['Live Photo Rejected', reject('tag-limit-reached', 'full'), false],
  ])('has the type "%s"', async (type, outcome, isTagged) => {
    const entry = await publish(outcome, { isTagged, clientId: 'a' });
    expect(entry).toMatchObject({ DetailType: type, Source: 'complycube.live-photos', EventBusName: 'bus' });
  });

  it.each<[string, UploadOutcome, Parameters<typeof publish>[1]]>([
    ['an upload', uploaded, { clientId: 'a' }],
    ['an upload from a bucket without versions', uploaded, { clientId: 'a', versionId: undefined }],
    ...rejectionReasons.map((reason): [string, UploadOutcome, object] => [
      `a rejection: ${reason}`,
      reject(reason, 'why'),
      {},
    ]),
  ])('matches its published schema: %s', async (_, outcome, more) => {
    const { Detail } = await publish(outcome, more);
    validate(Detail);
    expect(validate.errors).toBeNull();
  });

  it.each<[string, () => void, string]>([
    ['EventBridge fails', () => eventBridge.on(PutEventsCommand).rejects(throttled), 'PutEvents failed'],
    [
      'EventBridge does not accept it',
      () => eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'Throttled' }] }),
      'Throttled',
    ],
    [
      'EventBridge does not say why it did not accept it',
      () => eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 1 }),
      'unknown error',
    ],
    ['EventBridge’s answer says nothing', () => eventBridge.on(PutEventsCommand).resolves({}), 'unknown error'],
  ])('is retried when %s', async (_, arrange, message) => {
    arrange();
    const publishing = publish(uploaded);
    await expect(publishing).rejects.toMatchObject({ code: 'eventbridge-failed' });
    await expect(publishing).rejects.toThrow(message);
  });

  it('names the cause of a failure', async () => {
    eventBridge.on(PutEventsCommand).rejects(throttled);
    await expect(publish(uploaded)).rejects.toMatchObject({ cause: throttled });
  });

  it('is sent with the photo’s abort signal', async () => {
    await publish(uploaded);
    expect(eventBridge.commandCalls(PutEventsCommand)[0]?.args).toEqual([expect.anything(), { abortSignal: signal }]);
  });

  it('does not match the schema with any other property', async () => {
    const { Detail } = await publish(uploaded, { clientId: 'a' });
    expect(validate({ ...(Detail as object), bytes: 'AAAA' })).toBe(false);
  });
});
