import {
  GetObjectTaggingCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { GetQueueUrlCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { parseObjectEvents } from '../../lambda/object-events';
import type { AuditedPhoto } from './audit';
import type { PutPhoto } from './photo-app';

/** Where a survey looks. */
export interface SurveyEdges {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly sqs: SQSClient;
  readonly deadLetterQueueArn: string;
}

/** What a survey found beside the photos. */
export interface Survey {
  readonly photos: readonly AuditedPhoto[];
  /** Messages in the dead-letter queue. */
  readonly deadLettered: number;
}

/** Gathers what stands in S3 and in the dead-letter queue of the photos that were put. */
export async function survey(putPhotos: readonly PutPhoto[], edges: SurveyEdges): Promise<Survey> {
  const standing = await listVersions(edges);
  const deadLetters = await readDeadLetters(edges);
  const deadVersions = new Set(
    deadLetters.flatMap((body) => parseObjectEvents(body).map(({ versionId }) => versionId)),
  );
  const photos: AuditedPhoto[] = [];
  for (const { photo, versionId, sha256 } of putPhotos) {
    const { key, clientId, isCutOff, tags: appTags } = photo;
    photos.push({
      ...{ key, versionId, clientId, sha256, appTags },
      expected: isCutOff ? 'rejected' : 'uploaded',
      tags: standing.has(versionId) ? await readTags(key, versionId, edges) : undefined,
      isDeadLettered: deadVersions.has(versionId),
    });
  }
  return { photos, deadLettered: deadLetters.length };
}

/** The IDs of all versions that stand, the hidden ones too. */
async function listVersions({ s3, bucket }: SurveyEdges): Promise<ReadonlySet<string>> {
  const versionIds = new Set<string>();
  for (let marker: Pick<ListObjectVersionsCommandInput, 'KeyMarker' | 'VersionIdMarker'> = {}; ;) {
    const command = new ListObjectVersionsCommand({ Bucket: bucket, ...marker });
    const { Versions = [], IsTruncated, NextKeyMarker, NextVersionIdMarker } = await s3.send(command);
    for (const { VersionId = '' } of Versions) versionIds.add(VersionId);
    if (IsTruncated !== true) return versionIds;
    marker = { KeyMarker: NextKeyMarker, VersionIdMarker: NextVersionIdMarker };
  }
}

async function readTags(
  key: string,
  versionId: string,
  { s3, bucket }: SurveyEdges,
): Promise<ReadonlyMap<string, string>> {
  const command = new GetObjectTaggingCommand({ Bucket: bucket, Key: key, VersionId: versionId });
  const { TagSet = [] } = await s3.send(command);
  return new Map(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** Reads without deleting: what was received stays hidden for as long as the survey takes. */
async function readDeadLetters({ sqs, deadLetterQueueArn }: SurveyEdges): Promise<string[]> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: deadLetterQueueArn.split(':').at(-1) }));
  const bodies: string[] = [];
  for (;;) {
    const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 3_600 });
    const { Messages = [] } = await sqs.send(command);
    if (Messages.length === 0) return bodies;
    bodies.push(...Messages.map(({ Body = '' }) => Body));
  }
}
