import {
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3ClientResolvedConfig,
  type ServiceInputTypes,
  type ServiceOutputTypes,
} from '@aws-sdk/client-s3';
import type { AwsStub } from 'aws-sdk-client-mock';
import type { ClaimRecord } from '../../contract/claim-record';
import { s3Failure } from './s3-answers';

interface StoredObject {
  readonly body: string;
  readonly eTag: string;
}

/** The claims bucket of a mocked S3: it stores objects, and evaluates the conditions of writes. */
export class ClaimsBucket {
  private readonly objects = new Map<string, StoredObject>();
  private writes = 0;

  constructor(s3: AwsStub<ServiceInputTypes, ServiceOutputTypes, S3ClientResolvedConfig>, bucket: string) {
    s3.on(PutObjectCommand, { Bucket: bucket }).callsFake((input: PutObjectCommandInput) => {
      const { Key = '', Body, IfNoneMatch, IfMatch } = input;
      const current = this.objects.get(Key);
      if (IfNoneMatch === '*' && current !== undefined) throw s3Failure(412, 'PreconditionFailed');
      if (IfMatch !== undefined) requireMatch(IfMatch, current);
      return { ETag: this.put(Key, Body as string).eTag };
    });
    s3.on(GetObjectCommand, { Bucket: bucket }).callsFake(({ Key }: { Key: string }) => {
      const object = this.objects.get(Key);
      if (object === undefined) throw s3Failure(404, 'NoSuchKey');
      return { Body: { transformToString: () => Promise.resolve(object.body) }, ETag: object.eTag };
    });
    s3.on(DeleteObjectCommand, { Bucket: bucket }).callsFake((input: { Key: string; IfMatch: string }) => {
      requireMatch(input.IfMatch, this.objects.get(input.Key));
      this.objects.delete(input.Key);
      return {};
    });
  }

  /** Stores an object, whatever is there. */
  set(key: string, value: object): void {
    this.put(key, JSON.stringify(value));
  }

  record(key: string): ClaimRecord | undefined {
    const object = this.objects.get(key);
    return object === undefined ? undefined : (JSON.parse(object.body) as ClaimRecord);
  }

  private put(key: string, body: string): StoredObject {
    const object = { body, eTag: `"${++this.writes}"` };
    this.objects.set(key, object);
    return object;
  }
}

function requireMatch(eTag: string, current: StoredObject | undefined): void {
  if (current === undefined) throw s3Failure(404, 'NoSuchKey');
  if (current.eTag !== eTag) throw s3Failure(412, 'PreconditionFailed');
}
