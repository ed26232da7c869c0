/** No complete answer came, or it can't belong to the request. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';

  /** @param isSurelyUnsent the server can't have the whole request: there was no connection, or the body never ended. */
  constructor(
    message: string,
    readonly isSurelyUnsent: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
