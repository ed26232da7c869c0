/** How long an upload grant may be used, in seconds; the back end's policy refuses one that is older than the maximum. */
export const grantLifetime = { defaultSeconds: 300, maxSeconds: 900 } as const;
