import { retractedRejectionField } from '../../../contract/object-events';
import { eventTypes } from '../../../contract/outcome-event-types';
import type { LocalComplyCube } from 'complycube-stand-in/server';
import type { PublishedEvent } from 'local-aws/eventbridge/server';
import { messageOf } from '../plan/event-shapes';
import type { PlannedPhoto } from '../plan/photo-plan';
import { refusals, type SpecialCase } from '../plan/special-cases';

/** Dependencies of {@link Redriver}. */
export interface RedriverDeps {
  readonly complyCube: Pick<LocalComplyCube, 'fault' | 'addClient'>;
  /** Sends a message to the upload queue. */
  readonly send: (body: string) => void;
}

/** An operator who fixes the cause of planned rejections and then redrives the photos like the command line. */
export class Redriver {
  redriven = 0;
  /** Clients whose photos ComplyCube refuses until the operator fixes the cause, after a rejection. */
  private readonly refused = new Map<string, SpecialCase>();

  constructor(
    photos: readonly PlannedPhoto[],
    private readonly deps: RedriverDeps,
  ) {
    for (const { clientId, special } of photos) {
      if (special === undefined) continue;
      this.refused.set(clientId, special);
      if (special.what !== 'refused') continue;
      const { answer } = refusals[special.refusal];
      deps.complyCube.fault(
        { fault: 'status', ...answer, count: null, for: 'POST /livePhotos' },
        (request) => request.clientId === clientId && this.refused.has(clientId),
      );
    }
  }

  /** Call for each event of the function. */
  readonly onEvent = ({ detailType, detail }: PublishedEvent): void => {
    if (detailType !== eventTypes.rejected) return;
    const { clientId, bucket, key, versionId, eTag, reason } = detail as Readonly<Record<string, string>>;
    const special = this.refused.get(clientId ?? '');
    if (special === undefined || !('isRedriven' in special) || !special.isRedriven) return;
    this.refused.delete(clientId ?? '');
    if (special.what === 'client unknown') this.deps.complyCube.addClient(clientId ?? '');
    this.redriven += 1;
    const record = {
      eventVersion: '2.1',
      eventName: 'ObjectCreated:Put',
      eventTime: new Date().toISOString(),
      s3: { bucket: { name: bucket }, object: { key: encodeURIComponent(key ?? ''), size: 0, versionId, eTag } },
      [retractedRejectionField]: reason,
    };
    this.deps.send(messageOf([record]));
  };
}
