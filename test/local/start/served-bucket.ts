import { GetObjectTaggingCommand, ListObjectVersionsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

/** The bucket of `npm start -- --serve`, accessed only with what the command printed. */
export class ServedBucket {
  private readonly bucket: string;
  private readonly s3: S3Client;

  /** @param printed the lines for the `aws` command. */
  constructor(printed: string) {
    const variables = new Map([...printed.matchAll(/(AWS_\w+)=(\S+)/g)].map(([, name, value]) => [name, value]));
    const variable = (name: string): string => variables.get(name) ?? '';
    this.bucket = /--bucket (\S+)/.exec(printed)?.[1] ?? '';
    this.s3 = new S3Client({
      endpoint: variable('AWS_ENDPOINT_URL_S3'),
      region: variable('AWS_DEFAULT_REGION'),
      credentials: {
        accessKeyId: variable('AWS_ACCESS_KEY_ID'),
        secretAccessKey: variable('AWS_SECRET_ACCESS_KEY'),
      },
      forcePathStyle: true,
    });
  }

  async put(key: string, body: Buffer, metadata: Record<string, string>): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: body, Metadata: metadata }));
  }

  /** The number of all versions of all objects. */
  async versions(): Promise<number> {
    const { Versions = [] } = await this.s3.send(new ListObjectVersionsCommand({ Bucket: this.bucket }));
    return Versions.length;
  }

  async tagsOf(key: string): Promise<Record<string, string>> {
    const { TagSet = [] } = await this.s3.send(new GetObjectTaggingCommand({ Bucket: this.bucket, Key: key }));
    return Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
  }

  close(): void {
    this.s3.destroy();
  }
}
