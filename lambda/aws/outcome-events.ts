import { type EventBridgeClient, PutEventsCommand, type PutEventsCommandOutput } from '@aws-sdk/client-eventbridge';
import type { PhotoLocation } from '../../contract/object-events';
import type { Outcome } from '../../contract/outcome';
import { eventSource, eventTypes } from '../../contract/outcome-event-types';
import { RetryLaterError } from '../retry-later-error';

/** An outcome to publish. */
export interface OutcomeToPublish {
  readonly location: PhotoLocation;
  /** As the app wrote it. Absent if it wrote none, or a malformed one. */
  readonly clientId: string | undefined;
  readonly outcome: Outcome;
  /** Whether the outcome is on the object, as tags. */
  readonly isTagged: boolean;
}

/** The outcomes on EventBridge, each published once or more. */
export class OutcomeEvents {
  constructor(
    private readonly eventBridge: EventBridgeClient,
    private readonly eventBusName: string,
  ) {}

  /** @throws RetryLaterError when EventBridge did not take the event: the message is retried. */
  async publish({ location, clientId, outcome, isTagged }: OutcomeToPublish, signal: AbortSignal): Promise<void> {
    const { bucket, key, versionId, eTag } = location;
    const { status, ...more } = outcome;
    const type = status === 'uploaded' && !isTagged ? 'untagged' : status;
    const { FailedEntryCount, Entries } = await this.put(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: this.eventBusName,
            Source: eventSource,
            DetailType: eventTypes[type],
            Detail: JSON.stringify({ bucket, key, versionId, eTag, clientId, ...more }),
          },
        ],
      }),
      signal,
    );
    if (FailedEntryCount !== 0) {
      throw new RetryLaterError(
        'eventbridge-failed',
        `EventBridge did not take the outcome's event: ${Entries?.[0]?.ErrorCode ?? 'unknown error'}`,
      );
    }
  }

  private async put(command: PutEventsCommand, signal: AbortSignal): Promise<PutEventsCommandOutput> {
    try {
      return await this.eventBridge.send(command, { abortSignal: signal });
    } catch (cause) {
      throw new RetryLaterError('eventbridge-failed', 'EventBridge PutEvents failed', { cause });
    }
  }
}
