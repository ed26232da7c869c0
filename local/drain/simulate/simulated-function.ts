import type { Context, SQSEvent } from 'aws-lambda';
import {
  callTimeoutMs,
  clockSkewMs,
  listingDelayMs,
  photoDeadlineMs,
  refusalRejectedAfterMs,
  secondLookAfterMs,
  unknownClientRejectedAfterMs,
} from '../../../contract/durations';
import { AcceptedUploads } from '../../../lambda/aws/accepted-uploads';
import { Claims } from '../../../lambda/aws/claims';
import { ClientErasures } from '../../../lambda/aws/client-erasures';
import { ErasureRecords } from '../../../lambda/aws/erasure-records';
import { UploadQueue } from '../../../lambda/aws/upload-queue';
import { Pace } from '../../../lambda/complycube/pace';
import { createHandler } from '../../../lambda/create-handler';
import type { Log } from '../../../lambda/observe/log';
import { photoBucket } from './photo-event';
import type { SimulatedAccount } from './simulated-account';
import type { VirtualClock } from './virtual-clock';
import type { VirtualS3 } from './virtual-s3';
import type { VirtualSqs } from './virtual-sqs';

/** What the function calls. */
export interface Services {
  readonly clock: VirtualClock;
  readonly s3: VirtualS3;
  readonly sqs: VirtualSqs;
  readonly account: SimulatedAccount;
}

/** Settings of the function. */
export interface FunctionSettings {
  /** Calls that each execution environment may start in a second. */
  readonly callsPerSecond: number;
  readonly timeoutMs: number;
}

const claimsBucket = 'claims';
const silent: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  with: () => silent,
};

/** The deployed handler in execution environments whose clock, S3, SQS and ComplyCube are simulated. */
export class SimulatedFunction {
  /** The durations of all invocations that have ended. */
  readonly invocationsMs: number[] = [];
  private readonly idle: ReturnType<typeof createEnvironment>[] = [];

  constructor(
    private readonly services: Services,
    private readonly settings: FunctionSettings,
  ) {}

  /** Invokes an idle execution environment, or a new one. @throws if it exceeds the function's timeout. */
  async invoke(event: SQSEvent): Promise<unknown> {
    const { clock } = this.services;
    const handler = this.idle.pop() ?? createEnvironment(this.services, this.settings.callsPerSecond);
    const startedAtMs = clock.now();
    const endsAtMs = startedAtMs + this.settings.timeoutMs;
    const context = { awsRequestId: 'simulated', getRemainingTimeInMillis: () => endsAtMs - clock.now() } as Context;
    const answer: unknown = await handler(event, context);
    if (clock.now() > endsAtMs) throw new Error('The function exceeded its timeout');
    this.invocationsMs.push(clock.now() - startedAtMs);
    this.idle.push(handler);
    return answer;
  }
}

function createEnvironment({ clock, s3, sqs, account }: Services, callsPerSecond: number) {
  const pace = new Pace(callsPerSecond, clock);
  const never = (): Promise<never> => Promise.reject(new Error('The simulation has no such call'));
  return createHandler({
    photos: s3.photos,
    claims: new Claims(s3.claimsClient, claimsBucket, { photoDeadlineMs, clockSkewMs, listingDelayMs }, clock),
    acceptedUploads: new AcceptedUploads(s3.claimsClient, claimsBucket, clock),
    clientErasures: new ClientErasures(s3.claimsClient, claimsBucket),
    erasureRecords: new ErasureRecords(s3.claimsClient, claimsBucket),
    apiKey: { read: () => Promise.resolve('test_key'), readInPlaceOf: () => Promise.resolve('test_key') },
    complyCube: {
      ...account.clientFor(pace),
      downloadLivePhoto: never,
      readLivePhoto: never,
      deleteLivePhoto: never,
    },
    pace,
    queue: new UploadQueue(sqs.client, { upload: 'uploads', deadLetter: 'dead-letters' }, clock),
    events: { publish: () => Promise.resolve(), publishErased: never },
    metadata: { clientIdMetadata: 'client-id', performLivenessCheck: undefined },
    keyPrefixes: [''],
    areOperatorsNamed: false,
    secondLookAfterMs,
    photoBucket,
    rejection: { unknownClientRejectedAfterMs, refusalRejectedAfterMs, clockSkewMs },
    callTimeoutMs,
    photoDeadlineMs,
    log: silent,
    clock,
    functionName: 'simulated',
  });
}
