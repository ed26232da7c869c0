import type { Buckets } from './buckets/bucket';
import type { Notifier } from './events/notifier';
import type { AccessKey } from './requests/post-signature';
import type { RequestBody } from './requests/request-body';
import type { RequestTarget } from './requests/request-target';
import { renderDocument, type XmlContent } from './requests/xml';

/** A parsed request to S3. */
export interface S3Call extends RequestTarget {
  readonly method: string;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  /** `x-amz-request-id` of the response and of events. */
  readonly requestId: string;
  /** `x-amz-id-2` of the response. */
  readonly hostId: string;
  readonly sourceIpAddress: string;
  /** Reads the body and verifies its digests. @throws S3Error if one is wrong. */
  readBody(): Promise<RequestBody>;
}

/** An operation's response. The server adds the request's IDs and the body's length. */
export interface S3Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** The state of the server. */
export interface S3Context {
  readonly region: string;
  /** The access key that signs forms. Signatures of other requests are not verified. */
  readonly accessKey?: AccessKey | undefined;
  /** The canonical ID of the user who owns every bucket. */
  readonly ownerId: string;
  readonly buckets: Buckets;
  readonly notifier: Notifier;
}

/** An S3 operation. The call's bucket name and key are empty if its path has none. */
export type Operation = (call: S3Call, s3: S3Context) => S3Answer | Promise<S3Answer>;

/** Makes a response with status 200 and an XML document. */
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
