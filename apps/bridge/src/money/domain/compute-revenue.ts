import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { lossPerMinuteUsd } from '@moola/value/loss';
import { earnedUsd, efficiencyScore, projectedPerDayUsd } from '@moola/value/revenue';
import type { ValueModel } from '@moola/value/value-model';
import type { BucketLedger } from './bucket-ledger.js';
import type { ModelMoney, PublishedRevenue } from './model-money.js';
import type { VersionHealth } from './version-health.js';

export const minuteMs = 60_000;

/** What the money of a model is computed from, at a tick. */
export interface RevenueInputs {
  readonly money: ModelMoney;
  /** Of the serving version. */
  readonly health: VersionHealth;
  /** `null`: nobody declared it. */
  readonly value: ValueModel | null;
  readonly servedPerMinute: number;
}

/** Predictions whose answer was used, of whichever version, a minute of the window that ends with the last whole minute. */
export function servedPerMinute(ledger: BucketLedger, model: string, nowMs: number, windowMs: number): number {
  const toMs = Math.floor(nowMs / minuteMs) * minuteMs;
  const { predictions } = ledger.ofRole(model, Role.PRIMARY, { fromMs: toMs - windowMs, toMs });
  return predictions / (windowMs / minuteMs);
}

export function computeRevenue({ money, health, value, servedPerMinute: served }: RevenueInputs): PublishedRevenue {
  const { accuracy, brokenLimit, samples } = health;
  if (value === null) {
    const { serving: servingVersion } = money;
    return { servingVersion, accuracySamples: samples, earnedUsd: 0, lossPerMinuteUsd: 0, valueUndeclared: true };
  }
  const projected = accuracy === undefined ? null : projectedPerDayUsd(accuracy, value);
  const efficiency = projected === null ? null : efficiencyScore(projected, value);
  const isSick = accuracy !== undefined && brokenLimit !== undefined;
  return {
    servingVersion: money.serving,
    ...(projected === null ? {} : { projectedPerDayUsd: projected }),
    accuracySamples: samples,
    earnedUsd: earnedUsd(money.earnedCorrect, value),
    ...(efficiency === null ? {} : { efficiencyScore: efficiency }),
    lossPerMinuteUsd: isSick ? lossPerMinuteUsd({ accuracy, limit: brokenLimit, servedPerMinute: served }, value) : 0,
  };
}

/** Whether they say the same. */
export function isSameRevenue(a: PublishedRevenue | undefined, b: PublishedRevenue): boolean {
  return (
    a?.servingVersion === b.servingVersion &&
    a.projectedPerDayUsd === b.projectedPerDayUsd &&
    a.accuracySamples === b.accuracySamples &&
    a.earnedUsd === b.earnedUsd &&
    a.efficiencyScore === b.efficiencyScore &&
    a.lossPerMinuteUsd === b.lossPerMinuteUsd &&
    a.valueUndeclared === b.valueUndeclared
  );
}
