import type { S3Client } from '@aws-sdk/client-s3';
import { environmentNames } from '../../contract/environment';
import { connectToS3, functionAccessKeyPrefix, type LocalPipeline, startPipeline } from '../../local/pipeline/pipeline';
import { type StandInChoice, startStandIn } from '../../local/start/choose-complycube';
import type { RuntimeClient } from './client-host';
import { shortTimeoutMs, within } from './limits';

/** The local servers around the function. Nothing polls the queue until a check does. */
export class Servers {
  readonly s3: S3Client;

  private constructor(
    readonly pipeline: LocalPipeline,
    readonly complyCube: StandInChoice,
    private readonly hungKeys: Set<string>,
    /** Ends the waits for photos. */
    readonly interruption: AbortSignal,
  ) {
    this.s3 = connectToS3(pipeline);
  }

  static async start(client: RuntimeClient, interruption: AbortSignal): Promise<Servers> {
    const complyCube = await startStandIn(true);
    const hungKeys = new Set<string>();
    const pipeline = await startPipeline({
      complyCube: complyCube.access,
      waitSpeed: complyCube.waitSpeed,
      runtime: client,
      variables: {
        // Lambda sets this variable if the function's log format is JSON.
        AWS_LAMBDA_LOG_FORMAT: 'JSON',
        [environmentNames.operatorsNamed]: 'true',
      },
      s3: {
        fault: ({ operation, key = '', accessKeyId }) => {
          const isByFunction = accessKeyId?.startsWith(functionAccessKeyPrefix) === true;
          return isByFunction && operation === 'GetObjectTagging' && hungKeys.delete(key) ? 'hang' : undefined;
        },
      },
    });
    await pipeline.eventSource.disable();
    return new Servers(pipeline, complyCube, hungKeys, interruption);
  }

  /** S3 does not answer the function's next request for the tags of this object. */
  hangTags(key: string): void {
    this.hungKeys.add(key);
  }

  /** The number of objects whose tags the function has not requested since {@link hangTags}. */
  get waitingHangs(): number {
    return this.hungKeys.size;
  }

  async stop(): Promise<void> {
    this.s3.destroy();
    await within(shortTimeoutMs, 'the end of the local servers', this.pipeline.stop());
    await within(shortTimeoutMs, 'the end of the stand-in', this.complyCube.close());
  }
}
