/**
 * An error that a service speaking an AWS JSON protocol answers.
 * On the wire it is `{"__type": type, "message": message}`, which the SDKs turn into the exception of that name.
 */
export class AwsJsonError extends Error {
  override readonly name = 'AwsJsonError';
  /** The HTTP status: 400 unless said otherwise. */
  readonly status: number;
  /** The code under which the older query protocol knows the error, sent in `x-amzn-query-error` (SQS only). */
  readonly queryCode: string | undefined;

  constructor(
    readonly type: string,
    message: string,
    options: { readonly status?: number; readonly queryCode?: string } = {},
  ) {
    super(message);
    this.status = options.status ?? 400;
    this.queryCode = options.queryCode;
  }

  /** Whether the caller is at fault, as opposed to the service. */
  get isSenderFault(): boolean {
    return this.status < 500;
  }
}
