import { create } from '@bufbuild/protobuf';
import { KpiSchema, type Kpi } from '@moola/contracts/gen/moola/v1/kpis_pb';
import { SignalSchema, type Signal } from '@moola/contracts/gen/moola/v1/signals_pb';
import type { PublishedRevenue } from './model-money.js';
import type { VersionHealth } from './version-health.js';

/** The row of `kpis` that says what a model earns. */
export function revenueKpi(atMs: number, model: string, revenue: PublishedRevenue): Kpi {
  return create(KpiSchema, { atMs, model, kind: { case: 'revenue', value: { ...revenue } } });
}

/** The row of `signals` that says what the serving version loses a minute. */
export function lossSignal(atMs: number, model: string, revenue: PublishedRevenue, health: VersionHealth): Signal {
  const value = {
    version: revenue.servingVersion,
    usdPerMinute: revenue.lossPerMinuteUsd,
    limitAccuracy: health.brokenLimit ?? 0,
    ...(health.accuracy === undefined ? {} : { accuracy: health.accuracy }),
  };
  return create(SignalSchema, { atMs, model, kind: { case: 'loss', value } });
}
