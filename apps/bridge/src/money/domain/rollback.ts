import type { Deployment } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { differenceOf, noCounts, sumOf, type BucketCounts } from './bucket-counts.js';
import type { Span } from './bucket-ledger.js';

/** A rollback and how both versions did since, until another version replaces what it went to. Plain data. */
export interface Rollback {
  readonly incident: string;
  readonly from: string;
  readonly to: string;
  readonly sinceMs: number;
  /** When another version began to serve; absent while none has. */
  readonly untilMs?: number;
  /** What `to` answered. */
  readonly by: BucketCounts;
  /** What `from` answered to the same inputs, in shadow. */
  readonly replaced: BucketCounts;
  /** What was last published of it, dollars and inputs; absent before. */
  readonly published?: { readonly inputs: number; readonly usd: number };
}

/**
 * The rollback that a deployment is, if it is one: it names an incident, and another version served before. Taking
 * back a rollback of the same incident protects nothing and is none.
 */
export function rollbackOf(
  { incident, version }: Pick<Deployment, 'incident' | 'version'>,
  serving: string,
  sinceMs: number,
  earlier: readonly Rollback[],
): Rollback | null {
  if (incident === '' || serving === '') return null;
  const takesBack = ({ incident: of, from, to }: Rollback) => of === incident && from === version && to === serving;
  if (earlier.some(takesBack)) return null;
  return { incident, from: serving, to: version, sinceMs, by: noCounts, replaced: noCounts };
}

/** A rollback with what is known already of the inputs since. */
export function begin(rollback: Rollback, countsOf: (version: string, span: Span) => BucketCounts): Rollback {
  const span = spanOf(rollback);
  return { ...rollback, by: countsOf(rollback.to, span), replaced: countsOf(rollback.from, span) };
}

function spanOf({ sinceMs, untilMs }: Rollback): Span {
  return { fromMs: sinceMs, toMs: untilMs ?? Infinity };
}

/** Adds what a version's buckets that start at `startMs` say more than before. */
export function revise(rollback: Rollback, version: string, startMs: number, more: BucketCounts): Rollback {
  const { fromMs, toMs } = spanOf(rollback);
  if (startMs < fromMs || startMs >= toMs) return rollback;
  if (version === rollback.to) return { ...rollback, by: sumOf(rollback.by, more) };
  if (version === rollback.from) return { ...rollback, replaced: sumOf(rollback.replaced, more) };
  return rollback;
}

/**
 * Another version began to serve: what was predicted since no longer counts, and when that was before the rollback
 * itself (a deployment that is known late), nothing does.
 *
 * @param countsOf what a version has answered in a span.
 */
export function end(
  rollback: Rollback,
  deployedMs: number,
  countsOf: (version: string, span: Span) => BucketCounts,
): Rollback {
  const untilMs = Math.max(deployedMs, rollback.sinceMs);
  const since = { fromMs: untilMs, toMs: Infinity };
  return {
    ...rollback,
    untilMs,
    by: differenceOf(rollback.by, countsOf(rollback.to, since)),
    replaced: differenceOf(rollback.replaced, countsOf(rollback.from, since)),
  };
}
