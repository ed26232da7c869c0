/**
 * An error response in an AWS JSON protocol: `{"__type": type, "message": message}`.
 * SDKs turn it into the exception with that name.
 */
export class AwsJsonError extends Error {
  override readonly name = 'AwsJsonError';
  /** HTTP status. Default: 400. */
  readonly status: number;
  /** The error's code in the older query protocol, sent in `x-amzn-query-error` (SQS only). */
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

  /** Whether the caller, not the service, caused the error. */
  get isSenderFault(): boolean {
    return this.status < 500;
  }
}
