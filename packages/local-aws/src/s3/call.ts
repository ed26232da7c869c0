import type { RequestBody } from './requests/request-body';
import type { RequestTarget } from './requests/request-target';

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
