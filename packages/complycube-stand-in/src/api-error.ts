/** The flat body of a refusal (ComplyCube's API reference, Errors): no envelope, no code. */
export interface ErrorBody {
  type: string;
  message: string;
  param?: string;
}

/** A refused request. The request listener turns it into the response. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly type: string,
    message: string,
    readonly param?: string,
  ) {
    super(message);
  }

  get body(): ErrorBody {
    const { type, message, param } = this;
    return param === undefined ? { type, message } : { type, message, param };
  }
}

/** Refuses an argument; ComplyCube documents the type, and the message for the size of a photo only. */
export function invalidRequest(message: string, param?: string): ApiError {
  return new ApiError(400, 'invalid_request', message, param);
}

/** Refuses an ID that names nothing, in ComplyCube's words: `Invalid client id '123456789'`. */
export function invalidId(what: 'client' | 'live photo', id: string): ApiError {
  return new ApiError(404, 'resource_not_found', `Invalid ${what} id '${id}'`);
}

/** Refuses what ComplyCube may well do and this stand-in does not; no answer of ComplyCube's looks so. */
export function notImplemented(operation: string): ApiError {
  return new ApiError(501, 'not_implemented', `The stand-in does not implement ${operation}`);
}

/** Types as documented; messages too, but for 400 and 404, which are documented for single cases only. */
const usualBodies: Readonly<Record<number, ErrorBody>> = {
  400: { type: 'invalid_request', message: 'The request has missing arguments or is malformed' },
  401: { type: 'unauthorized', message: "The 'Authorization' header is invalid" },
  403: { type: 'unauthorized', message: 'Your current plan does not include access to this service' },
  404: { type: 'resource_not_found', message: 'The resource requested does not exist' },
  429: { type: 'rate_limit_exceeded', message: 'You have exceeded the rate limit prescribed to your plan' },
  500: {
    type: 'internal_server_error',
    message:
      'An error has occurred, try your request again. If you still keep getting this error, please get in touch with Support.',
  },
};

/** Gives the body that ComplyCube documents for a status, or, where it documents none, one of the same shape. */
export function usualErrorBody(status: number): ErrorBody {
  return usualBodies[status] ?? { type: 'stand_in_error', message: `The stand-in was told to answer ${status}` };
}

/** Refuses with the body that ComplyCube documents for the status. */
export function usualError(status: 401 | 429 | 500): ApiError {
  const { type, message } = usualErrorBody(status);
  return new ApiError(status, type, message);
}
