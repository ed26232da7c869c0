import type { BucketStore } from './buckets/bucket-store';
import type { Notifier } from './events/notifier';
import type { AccessKey } from './requests/post-signature';
import type { RequestBody } from './requests/request-body';
import type { RequestTarget } from './requests/request-target';
import { renderDocument, type XmlContent } from './requests/xml';

/** A request to S3, taken apart. */
export interface S3Call extends RequestTarget {
  readonly method: string;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  /** What the answer carries as `x-amz-request-id` and an event as its cause. */
  readonly requestId: string;
  /** What the answer carries as `x-amz-id-2`. */
  readonly hostId: string;
  readonly sourceIpAddress: string;
  /** Reads the body and verifies its digests; throws S3Error when they are wrong. */
  readBody(): Promise<RequestBody>;
}

/** What an operation answers; the request's IDs and the body's length are added to it. */
export interface S3Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** What operations work on. */
export interface S3Context {
  readonly region: string;
  /** The one whose signature a form may carry; other requests are not verified. */
  readonly accessKey?: AccessKey | undefined;
  /** The canonical ID of the one user, who owns every bucket. */
  readonly ownerId: string;
  readonly buckets: BucketStore;
  readonly notifier: Notifier;
}

/** An operation of S3: the key and the bucket's name of its call are empty where its path has none. */
export type Operation = (call: S3Call, s3: S3Context) => S3Answer | Promise<S3Answer>;

/** Answers 200 with an XML document. */
export function xmlAnswer(
  rootName: string,
  content: string | Readonly<Record<string, XmlContent>>,
  headers: Readonly<Record<string, string>> = {},
): S3Answer {
  return {
    status: 200,
    headers: { 'content-type': 'application/xml', ...headers },
    body: renderDocument(rootName, content),
  };
}
