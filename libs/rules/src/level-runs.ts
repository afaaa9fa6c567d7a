import type { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { levelsHeld, type Condition } from './condition.js';
import type { Level } from './levels.js';

/** Where one of the levels above a rule's first stands. Plain data: JSON keeps it. */
export interface LevelRun {
  /** Since when its limit has been broken without a break, gaps between ticks left out; `null`: it is not. */
  readonly sinceMs: number | null;
  readonly firing: boolean;
  /** While it fires: since when its limit has not been broken; `null` when it is, or data is missing. */
  readonly clearSinceMs: number | null;
}

/** By severity, of levels that are not idle. */
export type LevelRuns = Readonly<Partial<Record<Severity, LevelRun>>>;

const idle: LevelRun = { sinceMs: null, firing: false, clearSinceMs: null };

type Levels = readonly [Level, ...Level[]];

/** Brings the levels of a pending alert to a tick. `ripe`: one of them has held for long enough. */
export function beginRuns(
  before: LevelRuns | undefined,
  levels: Levels,
  condition: Condition,
  tickMs: number,
): { readonly runs: LevelRuns | undefined; readonly ripe: boolean } {
  const held = levelsHeld(condition);
  let ripe = false;
  const runs = levels.map(({ severity, forMs }, i): readonly [Severity, LevelRun] => {
    if (i === 0 || i >= held) return [severity, idle];
    const sinceMs = before?.[severity]?.sinceMs ?? tickMs;
    ripe ||= tickMs - sinceMs >= forMs;
    return [severity, { ...idle, sinceMs }];
  });
  return { runs: collected(runs, before), ripe };
}

interface Tick {
  readonly condition: Condition;
  readonly keepMs: number;
  readonly tickMs: number;
  /** The alert begins to fire at this tick: its runs have been brought to it. */
  readonly begins: boolean;
}

/** Brings the levels of a firing alert to a tick. A level fires once it has held for long enough, or a severer one fires. */
export function stepRuns(before: LevelRuns | undefined, levels: Levels, tick: Tick): LevelRuns | undefined {
  let severerFires = false;
  const runs: (readonly [Severity, LevelRun])[] = [];
  for (let i = levels.length - 1; i > 0; i--) {
    const level = levels[i]!;
    const run = stepRun(
      before?.[level.severity] ?? idle,
      level,
      isHeld(i, tick, before?.[level.severity]),
      tick,
      severerFires,
    );
    severerFires ||= run.firing;
    runs.push([level.severity, run]);
  }
  return collected(runs, before);
}

type Held = 'holds' | 'does not hold' | 'missing';

function isHeld(level: number, { condition, begins }: Tick, run: LevelRun | undefined): Held {
  if (begins) return run?.sinceMs === undefined || run.sinceMs === null ? 'does not hold' : 'holds';
  if (typeof condition !== 'number') return 'missing';
  return condition > level ? 'holds' : 'does not hold';
}

function stepRun(
  run: LevelRun,
  { forMs }: Level,
  held: Held,
  { keepMs, tickMs }: Tick,
  severerFires: boolean,
): LevelRun {
  if (!run.firing) {
    if (held !== 'holds') return idle;
    const sinceMs = run.sinceMs ?? tickMs;
    return { sinceMs, firing: severerFires || tickMs - sinceMs >= forMs, clearSinceMs: null };
  }
  if (held !== 'does not hold') return run.clearSinceMs === null ? run : { ...run, clearSinceMs: null };
  const clearSinceMs = run.clearSinceMs ?? tickMs;
  return tickMs - clearSinceMs >= keepMs ? idle : { ...run, clearSinceMs };
}

/** The severity of a firing alert: its first level fires in any case. */
export function severest(runs: LevelRuns | undefined, levels: Levels): Severity {
  for (let i = levels.length - 1; i > 0; i--) {
    const { severity } = levels[i]!;
    if (runs?.[severity]?.firing) return severity;
  }
  return levels[0].severity;
}

/** When one of them changes by itself; `Infinity`: none does. */
export function runsDueMs(runs: LevelRuns | undefined, levels: Levels, keepMs: number): number {
  let due = Infinity;
  for (const { severity, forMs } of levels) {
    const run = runs?.[severity];
    if (run === undefined) continue;
    if (!run.firing && run.sinceMs !== null) due = Math.min(due, run.sinceMs + forMs);
    if (run.firing && run.clearSinceMs !== null) due = Math.min(due, run.clearSinceMs + keepMs);
  }
  return due;
}

/** Takes a gap between ticks out of their times. */
export function pausedRuns(runs: LevelRuns, gapMs: number): LevelRuns {
  return Object.fromEntries(
    Object.entries(runs).map(([severity, { sinceMs, firing, clearSinceMs }]) => [
      severity,
      {
        sinceMs: sinceMs === null ? null : sinceMs + gapMs,
        firing,
        clearSinceMs: clearSinceMs === null ? null : clearSinceMs + gapMs,
      },
    ]),
  );
}

function collected(
  runs: readonly (readonly [Severity, LevelRun])[],
  before: LevelRuns | undefined,
): LevelRuns | undefined {
  const busy = runs.filter(([, run]) => run !== idle);
  if (busy.length === 0) return undefined;
  const isSame = before !== undefined && Object.keys(before).length === busy.length;
  if (isSame && busy.every(([severity, run]) => sameRun(before[severity], run))) return before;
  return Object.fromEntries(busy);
}

function sameRun(a: LevelRun | undefined, b: LevelRun): boolean {
  return a !== undefined && a.sinceMs === b.sinceMs && a.firing === b.firing && a.clearSinceMs === b.clearSinceMs;
}
