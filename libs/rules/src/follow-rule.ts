import { sameSegment } from '@moola/contracts/definitions/segments';
import { Compare, type RuleDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { withRuns, type Alert } from './alert.js';
import type { LevelRun, LevelRuns } from './level-runs.js';
import { levelsOf } from './levels.js';

/**
 * An alert whose rule has another definition from now on. Time that was spent pending goes on counting where the condition
 * means the same; else the alert begins anew. One that fires goes on firing, and is judged by the new definition.
 */
export function followRule(alert: Alert, before: RuleDefinition, after: RuleDefinition): Alert {
  const sameLimit = levelsOf(before)[0].limit === levelsOf(after)[0].limit;
  const same = meansTheSame(before, after) && (sameLimit || alert.missing === true);
  switch (alert.state) {
    case AlertState.INACTIVE:
      return alert;
    case AlertState.PENDING:
      return same ? withRuns(alert, runsAfter(alert, before, after)) : { ...alert, changed: true };
    case AlertState.FIRING:
      return withRuns(same ? alert : { ...alert, clearSinceMs: null }, runsAfter(alert, before, after));
  }
}

/** Whether two definitions ask the same of the same figure, limits aside. How long it must hold is no part of it. */
function meansTheSame(a: RuleDefinition, b: RuleDefinition): boolean {
  if (a.onMissing !== b.onMissing || a.minimumSamples !== b.minimumSamples) return false;
  if (a.metric !== b.metric || a.windowMs !== b.windowMs || !sameSegment(a.segment, b.segment)) return false;
  if (a.onMissing) return true;
  if (a.comparator !== b.comparator || a.compare !== b.compare) return false;
  return a.compare !== Compare.BOUND || a.confidence === b.confidence;
}

/** A level keeps its run if its severity has the same limit as before; one that fires if there is its severity at all. */
function runsAfter(alert: Alert, before: RuleDefinition, after: RuleDefinition): LevelRuns | undefined {
  const same = meansTheSame(before, after);
  const levels = levelsOf(before);
  const kept = levelsOf(after)
    .slice(1)
    .flatMap(({ severity, limit }): [number, LevelRun][] => {
      const old = levels.find((level) => level.severity === severity);
      const run = old === undefined ? undefined : runOf(alert, old === levels[0], severity);
      if (old === undefined || run === undefined) return [];
      const isSame = same && old.limit === limit;
      if (run.firing) return [[severity, isSame ? run : { ...run, clearSinceMs: null }]];
      return isSame ? [[severity, run]] : [];
    });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

function runOf(alert: Alert, isFirst: boolean, severity: number): LevelRun | undefined {
  if (!isFirst) return alert.above?.[severity as keyof LevelRuns];
  const { sinceMs, clearSinceMs, pausedMs = 0 } = alert;
  if (sinceMs === null || alert.missing) return undefined;
  return { sinceMs: sinceMs + pausedMs, firing: alert.state === AlertState.FIRING, clearSinceMs };
}
