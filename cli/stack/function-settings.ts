import {
  GetFunctionConfigurationCommand,
  type GetFunctionConfigurationCommandOutput,
  type EventSourceMappingConfiguration,
  type LambdaClient,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import { environmentNames } from '../../contract/environment';
import { metadataNames } from '../../contract/photo-rules';
import { CommandError } from '../command-error';
import type { Stack } from './stack';

/** The function's state and settings. */
export interface FunctionSettings {
  readonly state: string | undefined;
  readonly lastUpdateStatus: string | undefined;
  /** The ARN of its role; undefined for the local pipeline. */
  readonly role: string | undefined;
  readonly logGroup: string | undefined;
  readonly timeoutSeconds: number;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly eventSources: readonly EventSource[];
}

/** An event source mapping of the function. */
export interface EventSource {
  readonly id: string | undefined;
  readonly arn: string | undefined;
  /** `Enabled` if it works. */
  readonly state: string | undefined;
  readonly reportsBatchItemFailures: boolean;
  readonly maxConcurrency: number | undefined;
}

/** Reads the function's state and settings. */
export async function readFunctionSettings(lambda: LambdaClient, name: string): Promise<FunctionSettings> {
  const [fn, { EventSourceMappings = [] }] = await Promise.all([
    lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
    lambda.send(new ListEventSourceMappingsCommand({ FunctionName: name })),
  ]);
  return { ...describeFunction(fn), eventSources: EventSourceMappings.map(readEventSource) };
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

function readEventSource(mapping: EventSourceMappingConfiguration): EventSource {
  return {
    id: mapping.UUID,
    arn: mapping.EventSourceArn,
    state: mapping.State,
    reportsBatchItemFailures: mapping.FunctionResponseTypes?.includes('ReportBatchItemFailures') === true,
    maxConcurrency: mapping.ScalingConfig?.MaximumConcurrency,
  };
}

/** The event source mapping from the upload queue. @throws CommandError if there is none. */
export function findEventSource({ eventSources }: FunctionSettings, { uploadQueueUrl }: Stack): EventSource {
  // The URL and the ARN of a queue end with its name.
  const queueName = uploadQueueUrl.replace(/.*\//, '');
  const found = eventSources.find(({ arn }) => arn?.endsWith(`:${queueName}`));
  if (found === undefined)
    throw new CommandError('The upload queue does not invoke the function: deploy the stack again');
  return found;
}

/** Calls to ComplyCube per second that all invocations may make together; undefined if the settings don't show it. */
export function requestsPerSecondOf({ variables, eventSources }: FunctionSettings): number | undefined {
  const each = Number(variables[environmentNames.requestsPerSecond]);
  const concurrency = eventSources[0]?.maxConcurrency;
  return concurrency === undefined || !(each > 0) ? undefined : each * concurrency;
}

/** @throws CommandError if the settings don't show the pace and `rate` is undefined. */
export function chooseRate(rate: number | undefined, settings: FunctionSettings): number {
  const chosen = rate ?? requestsPerSecondOf(settings);
  if (chosen === undefined) throw new CommandError("The function's settings don't show its pace: use --rate");
  return chosen;
}

/** The key prefixes that the function processes; undefined: it has none, or the stack is older than the variable. */
export function processedPrefixesOf({ variables }: FunctionSettings): readonly string[] | undefined {
  return variables[environmentNames.keyPrefixes]?.split(',');
}

/** The name of the metadata that holds the client ID. Older stacks have no variable for it, and always use the default. */
export function clientIdMetadataOf({ variables }: FunctionSettings): string {
  return variables[environmentNames.clientIdMetadata] ?? metadataNames.clientId;
}

/** Whether the stack names its operators. Otherwise its function refuses erasures. */
export function areOperatorsNamed({ variables }: FunctionSettings): boolean {
  return variables[environmentNames.operatorsNamed] === 'true';
}

/** The claims bucket. @throws CommandError if the function has no variable for it. */
export function claimsBucketOf({ variables }: FunctionSettings): string {
  const bucket = variables[environmentNames.claimsBucket];
  if (bucket === undefined || bucket === '') {
    throw new CommandError(`The function has no variable ${environmentNames.claimsBucket}: deploy the stack again`);
  }
  return bucket;
}
