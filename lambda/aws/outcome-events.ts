import { type EventBridgeClient, PutEventsCommand, type PutEventsCommandOutput } from '@aws-sdk/client-eventbridge';
import type { ErasureOutcome } from '../../contract/erasure-record';
import type { PhotoLocation } from '../../contract/object-events';
import type { ObjectVersion } from '../../contract/object-version';
import type { UploadOutcome } from '../../contract/outcome';
import { eventSource, eventTypes } from '../../contract/outcome-event-types';
import { RetryLaterError } from '../retry-later-error';

/** An outcome to publish. */
export interface OutcomeToPublish {
  readonly location: PhotoLocation;
  /** From the object's metadata. Undefined if missing or malformed. */
  readonly clientId: string | undefined;
  readonly outcome: UploadOutcome;
  /** Whether the object is tagged with the outcome. */
  readonly isTagged: boolean;
}

/** Publishes outcomes on EventBridge, at least once each. */
export class OutcomeEvents {
  constructor(
    private readonly eventBridge: EventBridgeClient,
    private readonly eventBusName: string,
  ) {}

  /** @throws RetryLaterError when EventBridge did not accept the event. */
  async publish({ location, clientId, outcome, isTagged }: OutcomeToPublish, signal: AbortSignal): Promise<void> {
    const { status, ...more } = outcome;
    const type = status === 'uploaded' && !isTagged ? 'untagged' : status;
    await this.put(type, location, { clientId, ...more }, signal);
  }

  /** Publishes that a version was erased. @throws RetryLaterError when EventBridge did not accept the event. */
  async publishErased(
    version: ObjectVersion,
    detail: { readonly erasure: Exclude<ErasureOutcome, 'refused'>; readonly requestId: string },
    signal: AbortSignal,
  ): Promise<void> {
    await this.put('erased', version, detail, signal);
  }

  private async put(
    type: keyof typeof eventTypes,
    { bucket, key, versionId, eTag }: ObjectVersion,
    detail: object,
    signal: AbortSignal,
  ): Promise<void> {
    const { FailedEntryCount, Entries } = await this.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: this.eventBusName,
            Source: eventSource,
            DetailType: eventTypes[type],
            Detail: JSON.stringify({ bucket, key, versionId, eTag, ...detail }),
          },
        ],
      }),
      signal,
    );
    if (FailedEntryCount !== 0) {
      throw new RetryLaterError(
        'eventbridge-failed',
        `EventBridge did not accept the outcome's event: ${Entries?.[0]?.ErrorCode ?? 'unknown error'}`,
      );
    }
  }

  private async send(command: PutEventsCommand, signal: AbortSignal): Promise<PutEventsCommandOutput> {
    try {
      return await this.eventBridge.send(command, { abortSignal: signal });
    } catch (cause) {
      throw new RetryLaterError('eventbridge-failed', 'EventBridge PutEvents failed', { cause });
    }
  }
}
