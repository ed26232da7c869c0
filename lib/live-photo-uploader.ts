import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { CfnSecret, type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { PhotoBucket } from './photo-bucket';
import { UploadFunction } from './upload-function';
import { UploadQueues } from './upload-queues';

/** Configuration of a {@link LivePhotoUploader}. */
export interface LivePhotoUploaderProps {
  /** Only photo objects whose key begins so are processed. Default: all. */
  readonly keyPrefix?: string;
  /** Calls to ComplyCube in a second, of the whole account: 10 with a live key, 5 in the sandbox. Default: 10. */
  readonly requestsPerSecond?: number;
  /** Execution environments that work at the same time; at least 2 (Lambda's own minimum). Default: 2. */
  readonly maxConcurrency?: number;
  /** ComplyCube's API. Default: `https://api.complycube.com/v1`. */
  readonly complyCubeBaseUrl?: string;
}

/**
 * A bucket whose new photo objects become live photos at ComplyCube, each tagged with its outcome.
 *
 * Photo objects reach the function through a queue; what can't be processed ends in a dead-letter queue.
 */
export class LivePhotoUploader extends Construct {
  readonly bucket: IBucket;
  readonly queue: IQueue;
  readonly deadLetterQueue: IQueue;
  readonly apiKeySecret: ISecret;
  readonly function: IFunction;

  constructor(scope: Construct, id: string, props: LivePhotoUploaderProps = {}) {
    super(scope, id);
    const queues = new UploadQueues(this, 'Queues');
    this.queue = queues.upload;
    this.deadLetterQueue = queues.deadLetter;
    this.bucket = new PhotoBucket(this, 'PhotoBucket', { queue: queues.upload, keyPrefix: props.keyPrefix });
    this.apiKeySecret = createApiKeySecret(this);
    this.function = new UploadFunction(this, 'Upload', {
      bucket: this.bucket,
      queue: this.queue,
      apiKeySecret: this.apiKeySecret,
      requestsPerSecond: props.requestsPerSecond ?? 10,
      maxConcurrency: props.maxConcurrency ?? 2,
      complyCubeBaseUrl: props.complyCubeBaseUrl ?? 'https://api.complycube.com/v1',
    }).function;
  }
}

/**
 * A secret without a value, so that no key, and no made-up one either, ever stands in a template; the L2 construct would
 * generate a random value, which nobody could tell from a key that is wrong.
 */
function createApiKeySecret(scope: Construct): ISecret {
  const secret = new CfnSecret(scope, 'ApiKeySecret', {
    description: 'ComplyCube API key: the bare key (test_… or live_…), or JSON with apiKey',
  });
  secret.applyRemovalPolicy(RemovalPolicy.DESTROY);
  return Secret.fromSecretCompleteArn(scope, 'ApiKey', secret.ref);
}
