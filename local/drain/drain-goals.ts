import type { DrainFigures, DrainSettings } from './drain-figures';

/** The goals of a drain. Undefined: the figure is only reported. */
export interface DrainGoals {
  readonly leastShareOfLimit: number | undefined;
  readonly shareRefusedBelow: number | undefined;
  /** Of Lambda, in dollars for a million photos. */
  readonly mostDollars: number | undefined;
  /** Invocations that end during the backlog. The calls that wait meanwhile are part of what a drain measures. */
  readonly leastInvocationsEnded: number;
}

const leastInvocationsEnded = 2;

const smallPhotoBytes = 40_000;

/**
 * The goals depend on ComplyCube's latency: while an invocation waits for its last answers, its execution environment starts no
 * calls. While ComplyCube allows less than the setting, the function must find out how much.
 */
export function goalsOf(settings: DrainSettings): DrainGoals {
  const { requestsPerSecond, vendorLimit, vendorBlockSeconds, latencyMs, photoBytes } = settings;
  if (vendorBlockSeconds > 0) {
    return {
      leastShareOfLimit: undefined,
      shareRefusedBelow: undefined,
      mostDollars: undefined,
      leastInvocationsEnded,
    };
  }
  if (vendorLimit < requestsPerSecond) {
    return { leastShareOfLimit: 0.9, shareRefusedBelow: 0.03, mostDollars: undefined, leastInvocationsEnded };
  }
  const hasPriceGoal = photoBytes <= smallPhotoBytes && latencyMs <= 2_000;
  return {
    leastShareOfLimit: shareAt(latencyMs),
    shareRefusedBelow: 0.001,
    mostDollars: hasPriceGoal ? 1.6 : undefined,
    leastInvocationsEnded,
  };
}

function shareAt(latencyMs: number): number {
  if (latencyMs <= 500) return 0.97;
  if (latencyMs <= 1_000) return 0.96;
  if (latencyMs <= 2_000) return 0.95;
  return latencyMs <= 5_000 ? 0.9 : 0.8;
}

/** Which figures reached their goals. */
export function judge(figures: DrainFigures, goals: DrainGoals): Readonly<Record<keyof DrainGoals, boolean>> {
  const { leastShareOfLimit = -Infinity, shareRefusedBelow = Infinity, mostDollars = Infinity } = goals;
  return {
    leastShareOfLimit: figures.shareOfLimit >= leastShareOfLimit,
    shareRefusedBelow: figures.shareRefused < shareRefusedBelow,
    mostDollars: figures.dollarsPerMillion <= mostDollars,
    leastInvocationsEnded: figures.invocationsEnded >= goals.leastInvocationsEnded,
  };
}
