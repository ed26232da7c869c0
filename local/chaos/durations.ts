import { environmentNames } from '../../lambda/environment';
import type { SynthesizedStack } from '../synthesize';
import type { TemplateResource } from '../template';

/** How long things take that can't pass as fast as waits do: real work has to fit in. */
export interface Durations {
  readonly callTimeoutMs: number;
  readonly functionTimeoutSeconds: number;
  readonly claimLeaseMs: number;
  readonly visibilityTimeoutSeconds: number;
}

/**
 * No wait in the queue gets shorter than this: a lease passes in real time, and a message that came back long before its end
 * would use up its receives.
 */
export const leastWaitMs = 1_000;

/** No call starts when the function could not run for a call's deadline and this on top: `lambda/process-batch.ts`. */
const afterCallSeconds = 5;
const callTimeoutSeconds = 1.5;
const batchSize = 10;
const environments = 2;

/**
 * The shortest durations that a run on a busy machine may have. They stand to each other as the stack's do: a batch's calls
 * can all start, a lease outlasts the function and its call, and a message is hidden until the lease has ended.
 */
export function durationsFor(requestsPerSecond: number): Durations {
  const startingSeconds = (batchSize * environments) / requestsPerSecond + 1;
  const functionTimeoutSeconds = Math.ceil(startingSeconds + callTimeoutSeconds + afterCallSeconds);
  return {
    callTimeoutMs: callTimeoutSeconds * 1000,
    functionTimeoutSeconds,
    claimLeaseMs: (functionTimeoutSeconds + 2) * 1000,
    visibilityTimeoutSeconds: functionTimeoutSeconds + 3,
  };
}

/** The stack with other durations: its function's, and those of the queue that feeds it. */
export function withDurations(stack: SynthesizedStack, durations: Durations): SynthesizedStack {
  const resources = Object.entries(stack.template.Resources).map(([id, resource]): [string, TemplateResource] => [
    id,
    { ...resource, Properties: { ...resource.Properties, ...changesOf(resource, durations) } },
  ]);
  return { ...stack, template: { Resources: Object.fromEntries(resources) } };
}

function changesOf({ Type, Properties }: TemplateResource, durations: Durations): Readonly<Record<string, unknown>> {
  if (Type === 'AWS::SQS::Queue' && Properties?.['RedrivePolicy'] !== undefined) {
    return { VisibilityTimeout: durations.visibilityTimeoutSeconds };
  }
  if (Type !== 'AWS::Lambda::Function') return {};
  const { Variables } = Properties?.['Environment'] as { readonly Variables: Readonly<Record<string, unknown>> };
  return {
    Timeout: durations.functionTimeoutSeconds,
    Environment: {
      Variables: {
        ...Variables,
        [environmentNames.callTimeoutMs]: String(durations.callTimeoutMs),
        [environmentNames.claimLeaseMs]: String(durations.claimLeaseMs),
      },
    },
  };
}
