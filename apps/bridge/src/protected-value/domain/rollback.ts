import type { Deployment } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { ProtectedValue } from '@moola/value/protected-value';
import { differenceOf, noAnswers, sumOf, type PairAnswers } from './pair-answers.js';
import type { Span } from './pair-ledger.js';

/** A rollback and how both versions did since, until another version replaces what it went to. Plain data. */
export interface Rollback {
  readonly incident: string;
  readonly from: string;
  readonly to: string;
  readonly sinceMs: number;
  /** When another version began to serve; absent while none has. */
  readonly untilMs?: number;
  /** The inputs since that both answered, `from` in shadow: first and second as the names of the versions stand. */
  readonly answers: PairAnswers;
  /** What was last published of it; absent before. */
  readonly published?: ProtectedValue;
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
  return { incident, from: serving, to: version, sinceMs, answers: noAnswers };
}

/** Which buckets count. */
export function spanOf({ sinceMs, untilMs }: Rollback): Span {
  return { fromMs: sinceMs, toMs: untilMs ?? Infinity };
}

/** The versions by name. */
export function pairOf({ from, to }: Rollback): { readonly first: string; readonly second: string } {
  return from < to ? { first: from, second: to } : { first: to, second: from };
}

/** Adds what a bucket of its pair that starts at `startMs` says more than before. */
export function revise(rollback: Rollback, startMs: number, more: PairAnswers): Rollback {
  const { fromMs, toMs } = spanOf(rollback);
  if (startMs < fromMs || startMs >= toMs) return rollback;
  return { ...rollback, answers: sumOf(rollback.answers, more) };
}

/**
 * Another version began to serve: what was predicted since no longer counts, and when that was before the rollback
 * itself (a deployment that is known late), nothing does.
 *
 * @param answersIn what is known of its pair in a span.
 */
export function end(rollback: Rollback, deployedMs: number, answersIn: (span: Span) => PairAnswers): Rollback {
  const untilMs = Math.max(deployedMs, rollback.sinceMs);
  const since = answersIn({ fromMs: untilMs, toMs: Infinity });
  return { ...rollback, untilMs, answers: differenceOf(rollback.answers, since) };
}

/** Correct answers of what serves since the rollback, and of what it replaced. */
export function correctOf({ from, to, answers }: Rollback): { readonly by: number; readonly replaced: number } {
  const { first, second } = answers;
  return from < to ? { by: second, replaced: first } : { by: first, replaced: second };
}
