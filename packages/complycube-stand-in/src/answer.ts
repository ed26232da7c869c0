import type { OutgoingHttpHeaders } from 'node:http';

/** A response before it is sent. */
export interface Answer {
  status: number;
  headers: OutgoingHttpHeaders;
  body: string;
}

/** Makes a response with JSON. */
export function jsonAnswer(status: number, value: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(value) };
}

/** Makes a response with status 204, which has no body. */
export function emptyAnswer(): Answer {
  return { status: 204, headers: {}, body: '' };
}

/**
 * Makes the response for a refused request.
 * @throws any error that is not an ApiError: a defect of the stand-in.
 */
export function refusalAnswer(error: unknown): Answer {
  if (error instanceof ApiError) return jsonAnswer(error.status, error.body);
  throw error;
}

/** The body of a refusal (ComplyCube's API reference, Errors): flat, without an error code. */
interface ErrorBody {
  type: string;
  message: string;
  param?: string;
}

/** A refused request. */
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

/** Refuses an argument. ComplyCube documents the type, and only one message: that for the size of a photo. */
export function invalidRequest(message: string, param?: string): ApiError {
  return new ApiError(400, 'invalid_request', message, param);
}

/** Refuses an ID that does not exist, with ComplyCube's message: `Invalid client id '123456789'`. */
export function invalidId(what: 'client' | 'live photo', id: string): ApiError {
  return new ApiError(404, 'resource_not_found', `Invalid ${what} id '${id}'`);
}

/** Refuses to delete a live photo. ComplyCube documents that it does so, but neither the status nor the message. */
export function usedInCheck(): ApiError {
  return new ApiError(422, 'invalid_request', 'The live photo can’t be deleted: a check has used it');
}

/** Refuses an operation that the stand-in lacks. ComplyCube never sends this response. */
export function notImplemented(operation: string): ApiError {
  return new ApiError(501, 'not_implemented', `The stand-in does not implement ${operation}`);
}

/** Types and messages as documented. The messages of 400 and 404 are documented for some cases only. */
const documentedBodies: Readonly<Record<number, ErrorBody>> = {
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

/** The documented body for a status; for other statuses, a body of the same shape. */
export function errorBodyFor(status: number): ErrorBody {
  const message = `The stand-in is configured to answer ${status}`;
  return documentedBodies[status] ?? { type: 'stand_in_error', message };
}

/** Refuses with the documented body of a status. */
export function documentedError(status: 401 | 429): ApiError {
  const { type, message } = errorBodyFor(status);
  return new ApiError(status, type, message);
}
