const patterns = {
  'POST /livePhotos': /^\/livePhotos$/,
  'GET /livePhotos': /^\/livePhotos$/,
  'GET /livePhotos/:id': /^\/livePhotos\/([^/]+)$/,
  'GET /livePhotos/:id/download': /^\/livePhotos\/([^/]+)\/download$/,
  'DELETE /livePhotos/:id': /^\/livePhotos\/([^/]+)$/,
  'POST /clients': /^\/clients$/,
  'GET /clients/:id': /^\/clients\/([^/]+)$/,
} as const;

/** The calls that the stand-in implements, as method and path behind `/v1`. */
export type CallName = keyof typeof patterns;

/** Every {@link CallName}, for messages and checks. */
export const callNames = Object.keys(patterns) as CallName[];

/** A request that is one of the calls. */
export interface Call {
  name: CallName;
  /** What stands for `:id` in the path; empty where the call has none. */
  id: string;
}

/**
 * Tells which call a request is.
 * @param path behind the origin, without the query; one slash at its end is tolerated, as the official Node SDK sends it.
 */
export function matchCall(method: string, path: string): Call | undefined {
  if (!path.startsWith('/v1/')) return undefined;
  const behindVersion = path.slice('/v1'.length).replace(/\/$/, '');
  for (const name of callNames) {
    const match = name.startsWith(`${method} `) ? patterns[name].exec(behindVersion) : null;
    if (match) return { name, id: match[1] ?? '' };
  }
  return undefined;
}
