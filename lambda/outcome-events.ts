import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { PhotoLocation } from './object-events';
import type { Outcome } from './outcome';
import { eventSource, eventTypes } from './outcome-event-types';
import { RetryLaterError } from './retry-later-error';

/** An outcome to tell others of. */
export interface OutcomeToPublish {
  readonly location: PhotoLocation;
  /** As the app wrote it; left out where it wrote none, or a malformed one. */
  readonly clientId: string | undefined;
  readonly outcome: Outcome;
  /** Whether the outcome stands on the object. */
  readonly isTagged: boolean;
}

/** The outcomes on EventBridge, each published once or more. */
export class OutcomeEvents {
  constructor(
    private readonly eventBridge: EventBridgeClient,
    private readonly eventBusName: string,
  ) {}

  /** @throws when EventBridge did not take the event: the message is to be tried again. */
  async publish({ location, clientId, outcome, isTagged }: OutcomeToPublish): Promise<void> {
    const { bucket, key, versionId, eTag } = location;
    const { status, ...more } = outcome;
    const type = status === 'uploaded' && !isTagged ? 'untagged' : status;
    const { FailedEntryCount, Entries } = await this.eventBridge.send(
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
    );
    if (FailedEntryCount !== 0) {
      throw new RetryLaterError(
        `EventBridge did not take the outcome's event: ${Entries?.[0]?.ErrorCode ?? 'unknown error'}`,
      );
    }
  }
}
