import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { LivePhotoUploader, type LivePhotoUploaderProps } from './live-photo-uploader';

/** Configuration of {@link LivePhotosStack}. */
export interface LivePhotosStackProps extends StackProps {
  readonly uploader?: LivePhotoUploaderProps;
}

/** One live photo uploader as a stack of its own, with the names that a person needs next as its outputs. */
export class LivePhotosStack extends Stack {
  constructor(scope: Construct, id: string, props: LivePhotosStackProps = {}) {
    super(scope, id, props);
    const uploader = new LivePhotoUploader(this, 'Uploader', props.uploader);
    const output = (name: string, description: string, value: string): void => {
      new CfnOutput(this, name, { description, value });
    };
    output('PhotoBucketName', 'The app uploads photos to this bucket', uploader.bucket.bucketName);
    output(
      'ApiKeySecretArn',
      'The secret that holds the ComplyCube API key: set its value',
      uploader.apiKeySecret.secretArn,
    );
    output('UploadQueueUrl', 'Photos on their way', uploader.queue.queueUrl);
    output('DeadLetterQueueUrl', 'Photos that could not be processed', uploader.deadLetterQueue.queueUrl);
    output('FunctionName', 'The function that uploads the photos', uploader.function.functionName);
  }
}
