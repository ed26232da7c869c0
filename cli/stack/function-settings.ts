import {
  GetFunctionConfigurationCommand,
  type GetFunctionConfigurationCommandOutput,
  type EventSourceMappingConfiguration,
  type LambdaClient,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import { environmentNames } from '../../contract/environment';
import { CommandError } from '../command-error';

/** How the function stands. */
export interface FunctionSettings {
  readonly state: string | undefined;
  readonly lastUpdateStatus: string | undefined;
  /** The ARN of the role that it runs as; the stack of this machine has none. */
  readonly role: string | undefined;
  readonly logGroup: string | undefined;
  readonly timeoutSeconds: number;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** What feeds it. */
  readonly eventSources: readonly EventSource[];
}

/** What feeds the function. */
export interface EventSource {
  readonly arn: string | undefined;
  /** `Enabled` where it works. */
  readonly state: string | undefined;
  readonly reportsBatchItemFailures: boolean;
  readonly maxConcurrency: number | undefined;
}

/** Reads how the function stands. */
export async function readFunctionSettings(lambda: LambdaClient, name: string): Promise<FunctionSettings> {
  const [fn, { EventSourceMappings = [] }] = await Promise.all([
    lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
    lambda.send(new ListEventSourceMappingsCommand({ FunctionName: name })),
  ]);
  return { ...describeFunction(fn), eventSources: EventSourceMappings.map(describeEventSource) };
}

function describeFunction(fn: GetFunctionConfigurationCommandOutput): Omit<FunctionSettings, 'eventSources'> {
  return {
    state: fn.State,
    lastUpdateStatus: fn.LastUpdateStatus,
    role: fn.Role,
    logGroup: fn.LoggingConfig?.LogGroup,
    timeoutSeconds: fn.Timeout ?? 0,
    variables: fn.Environment?.Variables ?? {},
  };
}

function describeEventSource(mapping: EventSourceMappingConfiguration): EventSource {
  return {
    arn: mapping.EventSourceArn,
    state: mapping.State,
    reportsBatchItemFailures: mapping.FunctionResponseTypes?.includes('ReportBatchItemFailures') === true,
    maxConcurrency: mapping.ScalingConfig?.MaximumConcurrency,
  };
}

/** Calls to ComplyCube a second that the function may make in all; undefined when its settings don't tell. */
export function requestsPerSecondOf({ variables, eventSources }: FunctionSettings): number | undefined {
  const each = Number(variables[environmentNames.requestsPerSecond]);
  const concurrency = eventSources[0]?.maxConcurrency;
  return concurrency === undefined || !(each > 0) ? undefined : each * concurrency;
}

/** The bucket of the claims. @throws CommandError when the function names none. */
export function claimsBucketOf({ variables }: FunctionSettings): string {
  const bucket = variables[environmentNames.claimsBucket];
  if (bucket === undefined || bucket === '') {
    throw new CommandError(`The function has no variable ${environmentNames.claimsBucket}: deploy the stack anew`);
  }
  return bucket;
}
