/** How long an upload grant is valid. The back end's IAM policy refuses a grant that is older than the maximum. */
export const grantLifetime = { defaultSeconds: 300, maxSeconds: 900 } as const;
