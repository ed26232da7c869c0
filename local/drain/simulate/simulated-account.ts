import { RateLimit } from 'complycube-stand-in/rate-limit';
import { callTimeoutMs } from '../../../contract/durations';
import type { Answer } from '../../../lambda/complycube/answer';
import type { CallOptions, ComplyCube } from '../../../lambda/complycube/complycube';
import type { Pace } from '../../../lambda/complycube/pace';
import type { VirtualClock } from './virtual-clock';

/** A time in which ComplyCube answers every call with an error. Milliseconds since 1970. */
export interface AccountOutage {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly status: 402 | 503;
}

/** How a ComplyCube account answers. */
export interface AccountSettings {
  readonly requestsPerSecond: number;
  /** The minimum latency of an upload. The maximum is 1.5 times as long. */
  readonly latencyMs: number;
  readonly outage: AccountOutage | undefined;
}

/** A request takes up to this long to reach ComplyCube. */
const networkMs = 20;
/** How long an answer takes for which no photo is inspected. */
const errorMs = 30;
const listMs = 200;

/** A ComplyCube account with its rate limit. */
export class SimulatedAccount {
  calls = 0;
  /** Calls that were answered with 429. */
  refused = 0;
  livePhotos = 0;
  /** The times of the calls that were accepted, in milliseconds since 1970. */
  readonly acceptedAtMs: number[] = [];
  private readonly rate: RateLimit;

  constructor(
    private readonly clock: VirtualClock,
    private readonly settings: AccountSettings,
  ) {
    const { requestsPerSecond } = settings;
    this.rate = new RateLimit({ requestsPerSecond, blockMs: 0, nowMs: () => clock.now() });
  }

  get peakRequestsPerSecond(): number {
    return this.rate.peakRequestsPerSecond;
  }

  /** The calls of one execution environment. */
  clientFor(pace: Pick<Pace, 'turn'>): Pick<ComplyCube, 'uploadLivePhoto' | 'listLivePhotos'> {
    return {
      uploadLivePhoto: (_request, image, options) =>
        this.call(pace, options, this.settings.latencyMs * (1 + Math.random() / 2), () => {
          image.release();
          return { id: String(++this.livePhotos).padStart(24, '0') };
        }),
      // Nothing is stored by a call that fails.
      listLivePhotos: (_clientId, _page, options) =>
        this.call(pace, options, listMs, () => ({ livePhotos: [], unnamed: [], pages: 1 })),
    };
  }

  private async call<T>(
    pace: Pick<Pace, 'turn'>,
    { gate, signal }: CallOptions,
    latencyMs: number,
    accept: () => T,
  ): Promise<Answer<T>> {
    const turn = await pace.turn();
    try {
      signal.throwIfAborted();
      gate.pass();
    } catch (error) {
      turn.abandon();
      throw error;
    }
    const startedAtMs = this.clock.now();
    const facts = () => ({ requestId: undefined, tookMs: this.clock.now() - startedAtMs });
    const refuse = async (status: number): Promise<Answer<T>> => {
      await this.clock.sleep(errorMs);
      turn.answered(status === 429);
      return {
        kind: 'refused',
        status,
        type: undefined,
        message: undefined,
        param: undefined,
        retryAfterMs: undefined,
        ...facts(),
      };
    };
    turn.sent();
    await this.clock.sleep(networkMs * Math.random());
    this.calls++;
    const { outage } = this.settings;
    const nowMs = this.clock.now();
    if (!this.rate.accept()) {
      this.refused++;
      return refuse(429);
    }
    if (outage !== undefined && nowMs >= outage.fromMs && nowMs < outage.untilMs) return refuse(outage.status);
    this.acceptedAtMs.push(nowMs);
    const value = accept();
    await this.clock.sleep(Math.min(latencyMs, callTimeoutMs));
    turn.answered(false);
    return { kind: 'accepted', status: 200, value, ...facts() };
  }
}
