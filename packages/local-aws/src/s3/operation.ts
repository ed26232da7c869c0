import type { Buckets } from './buckets/bucket';
import type { Notifier } from './events/notifier';
import type { AccessKey } from './requests/post-signature';
import type { S3Answer, S3Call } from './call';
import { renderDocument, type XmlContent } from './requests/xml';

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
