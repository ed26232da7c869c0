import { environmentNames } from '../../contract/environment';
import type { SynthesizedStack } from '../pipeline/synthesize';
import type { TemplateResource } from '../pipeline/template';

/**
 * How long things take that can't pass as fast as waits do, because real work has to fit in; milliseconds. They depend on each
 * other as those in `contract/durations.ts` do. A photo's deadline includes five seconds to give its claim back, which the function
 * does not let anybody change.
 */
export const durations = {
  callTimeoutMs: 2_000,
  photoDeadlineMs: 12_000,
  functionTimeoutMs: 27_000,
  /** How far the clocks of two execution environments differ at most. */
  clockSkewMs: 1_000,
  /** How long after a call its live photo is listed at the latest. */
  listingDelayMs: 1_500,
} as const;

/** How long after it was stored the stand-in lists a live photo at the latest. The rest is for a busy machine. */
export const latestListingMs = 1_000;

/** No wait in the queue gets shorter: after an unknown outcome a claim is leased for so long, in real time. */
export const leastWaitMs = durations.clockSkewMs + durations.listingDelayMs;

/** The function's variables that hold durations. */
export const durationVariables: Readonly<Record<string, string>> = {
  [environmentNames.callTimeoutMs]: String(durations.callTimeoutMs),
  [environmentNames.photoDeadlineMs]: String(durations.photoDeadlineMs),
  [environmentNames.clockSkewMs]: String(durations.clockSkewMs),
  [environmentNames.listingDelayMs]: String(durations.listingDelayMs),
};

/** The stack with another timeout of the function, and a visibility timeout of the queue that a run can wait for. */
export function withTimeout(stack: SynthesizedStack, functionTimeoutMs: number): SynthesizedStack {
  const resources = Object.entries(stack.template.Resources).map(([id, resource]): [string, TemplateResource] => [
    id,
    { ...resource, Properties: { ...resource.Properties, ...changesOf(resource, functionTimeoutMs / 1000) } },
  ]);
  return { ...stack, template: { Resources: Object.fromEntries(resources) } };
}

function changesOf({ Type, Properties }: TemplateResource, timeoutSeconds: number): Readonly<Record<string, unknown>> {
  if (Type === 'AWS::Lambda::Function') return { Timeout: timeoutSeconds };
  const isUploadQueue = Type === 'AWS::SQS::Queue' && Properties?.['RedrivePolicy'] !== undefined;
  return isUploadQueue ? { VisibilityTimeout: timeoutSeconds + 3 } : {};
}
