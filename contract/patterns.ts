/** Patterns of settings, checked by stack, app helpers and command line. */
export const patterns = {
  /** Only characters that need no encoding in a notification filter and are no wildcards in a policy's resource. */
  keyPrefix: /^[A-Za-z0-9!_.'()/-]{1,512}$/,
  /**
   * Names that S3 and HTTP accept, in lower case, as S3 returns them. The other names of `metadataNames` have their own meaning.
   * Names that begin with `x-amz-` would be those of S3's headers and of its encryption client.
   */
  clientIdMetadata: /^(?!(?:perform-liveness-check|live-photo)$)(?!x-amz-)[a-z0-9][a-z0-9._-]{0,63}$/,
  kmsKeyArn: /^arn:[^:]+:kms:[^:]+:\d{12}:key\/(mrk-)?[0-9a-f-]{32,36}$/,
  roleArn: /^arn:[a-z-]+:iam::\d{12}:role\/[\w+=.@/-]+$/,
  stackName: /^[A-Za-z][A-Za-z0-9-]{0,127}$/,
} as const;

/** Whether a URL's host name means this machine. */
export function isLoopbackHost(hostname: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

/**
 * Checks for the format of the `Origin` header. Plain HTTP is allowed only for loopback hosts, for development. The pages of an
 * app's WebView have the host `localhost` and a scheme of the app, such as `capacitor:`.
 */
export function isSafeOrigin(value: unknown): boolean {
  if (typeof value !== 'string' || value.includes('*')) return false;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined) return false;
  if (!/^https?:$/.test(url.protocol)) return value === `${url.protocol}//localhost`;
  return url.origin === value && (url.protocol === 'https:' || isLoopbackHost(url.hostname));
}
