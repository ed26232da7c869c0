import { EnvironmentPool } from 'local-aws/lambda/environment-pool';
import type { Host } from './host';

/** AWS's runtime client and the Node that runs it. */
export interface RuntimeClient {
  readonly nodePath: string;
  readonly runtimePath: string;
}

/** Runs functions on AWS's runtime client, in the local execution environments of `npm start`. */
export function clientHost(client: RuntimeClient): Host {
  return {
    name: "AWS's runtime client, aws-lambda-ric",
    start: (definition, onLogLine) => Promise.resolve(new EnvironmentPool(definition, { ...client, onLogLine })),
    endedMessage: "the function's process ended (0)",
    timeoutMessage: (timeoutMs) => `the function timed out after ${timeoutMs} ms`,
  };
}
