import { ListObjectVersionsCommand, type ListObjectVersionsCommandInput, type S3Client } from '@aws-sdk/client-s3';
import { GetQueueUrlCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { deadLetterReasonAttribute } from '../../../contract/dead-letter-reasons';
import { readMessage } from '../../../contract/object-events';
import { eventTypes } from '../../../contract/outcome-event-types';
import type { PublishedEvent } from 'local-aws/eventbridge/server';
import type { AuditedPhoto, PublishedOutcome } from './audited-photo';
import type { DeadLetter } from './dead-letter-audit';
import { readTags } from '../../start/photo-run';
import type { PutPhoto } from '../world/photo-app';
import { rightEnd } from '../plan/photo-plan';

/** Dependencies of {@link survey}. */
export interface SurveyDeps {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly sqs: SQSClient;
  readonly deadLetterQueueArn: string;
  /** The published events. */
  readonly events: readonly PublishedEvent[];
  /** The tags of other programs, by version. */
  readonly taggedByOthers: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

/** The result of a survey. */
export interface Survey {
  readonly photos: readonly AuditedPhoto[];
  readonly deadLetters: readonly DeadLetter[];
}

/** Collects what S3, the event bus and the dead-letter queue contain about the uploaded photos. */
export async function survey(putPhotos: readonly PutPhoto[], deps: SurveyDeps): Promise<Survey> {
  const existing = await listVersions(deps);
  const deadLetters = await readDeadLetters(deps);
  const deadVersions = new Set(
    deadLetters
      .filter(({ reason }) => reason === undefined)
      .flatMap(({ body }) => readMessage(body).photos.map(({ versionId }) => versionId)),
  );
  const published = outcomesByVersion(deps.events);
  const photos: AuditedPhoto[] = [];
  for (const { photo, versionId, sha256 } of putPhotos) {
    const { key, clientId } = photo;
    photos.push({
      ...{ key, versionId, clientId, sha256 },
      expected: rightEnd(photo),
      othersTags: { ...photo.tags, ...deps.taggedByOthers.get(versionId) },
      tags: existing.has(versionId) ? await readTags(key, versionId, deps) : undefined,
      published: published.get(versionId) ?? [],
      isDeadLettered: deadVersions.has(versionId),
    });
  }
  return { photos, deadLetters };
}

function outcomesByVersion(events: readonly PublishedEvent[]): ReadonlyMap<string, PublishedOutcome[]> {
  const outcomes = new Map<string, PublishedOutcome[]>();
  for (const { detailType, detail } of events) {
    const { versionId = '', livePhotoId, reason } = detail as Readonly<Record<string, string | undefined>>;
    const outcome = {
      isTagged: detailType !== eventTypes.untagged,
      livePhotoId,
      reason,
      isErased: detailType === eventTypes.erased,
    };
    outcomes.set(versionId, [...(outcomes.get(versionId) ?? []), outcome]);
  }
  return outcomes;
}

/** The IDs of all existing versions, including those hidden by delete markers. */
async function listVersions({ s3, bucket }: SurveyDeps): Promise<ReadonlySet<string>> {
  const versionIds = new Set<string>();
  for (let marker: Pick<ListObjectVersionsCommandInput, 'KeyMarker' | 'VersionIdMarker'> = {}; ;) {
    const command = new ListObjectVersionsCommand({ Bucket: bucket, ...marker });
    const { Versions = [], IsTruncated, NextKeyMarker, NextVersionIdMarker } = await s3.send(command);
    for (const { VersionId = '' } of Versions) versionIds.add(VersionId);
    if (IsTruncated !== true) return versionIds;
    marker = { KeyMarker: NextKeyMarker, VersionIdMarker: NextVersionIdMarker };
  }
}

/** Reads without deleting: the visibility timeout of received messages exceeds the duration of the survey. */
async function readDeadLetters({ sqs, deadLetterQueueArn }: SurveyDeps): Promise<DeadLetter[]> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: deadLetterQueueArn.split(':').at(-1) }));
  const deadLetters: DeadLetter[] = [];
  for (;;) {
    const command = new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 3_600,
      MessageAttributeNames: [deadLetterReasonAttribute],
    });
    const { Messages = [] } = await sqs.send(command);
    if (Messages.length === 0) return deadLetters;
    for (const { Body: body = '', MessageAttributes } of Messages) {
      deadLetters.push({ body, reason: MessageAttributes?.[deadLetterReasonAttribute]?.StringValue });
    }
  }
}
