/**
 * Takes the place of the SDK's chain of credential providers in the function's bundle: Lambda puts the role's credentials into
 * environment variables (Lambda developer guide, "Defined runtime environment variables"), and the chain's other members, for
 * profiles, SSO, containers and instances, would be loaded at each start for nothing.
 */
interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

/** What the SDK's clients ask for credentials. @throws when the environment variables are not set. */
export function defaultProvider(): () => Promise<Credentials> {
  return () => {
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = process.env;
    if (!accessKeyId || !secretAccessKey) {
      const message = 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set: the bundle knows no other credentials';
      return Promise.reject(new Error(message));
    }
    return Promise.resolve({ accessKeyId, secretAccessKey, sessionToken: process.env['AWS_SESSION_TOKEN'] });
  };
}
