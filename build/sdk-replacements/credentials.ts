/**
 * Replaces the SDK's chain of credential providers in the function's bundle. Lambda sets the role's credentials as environment
 * variables (Lambda developer guide, "Defined runtime environment variables"). The other providers, for profiles, SSO, containers
 * and instances, would be loaded at each cold start and never used.
 */
interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

/** The provider that the SDK's clients call. @throws if the environment variables are not set. */
export function defaultProvider(): () => Promise<Credentials> {
  return () => {
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = process.env;
    if (!accessKeyId || !secretAccessKey) {
      const message =
        "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set: the function's bundle supports no other credentials";
      return Promise.reject(new Error(message));
    }
    return Promise.resolve({ accessKeyId, secretAccessKey, sessionToken: process.env['AWS_SESSION_TOKEN'] });
  };
}
