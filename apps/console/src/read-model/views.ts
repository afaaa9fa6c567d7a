/** What the read API answers and the page shows: plain JSON, times in milliseconds since the epoch, money in US dollars. */

export interface FigureView {
  readonly metric: string;
  /** `null` without samples. */
  readonly value: number | null;
  readonly samples: number;
  readonly lower: number | null;
  readonly upper: number | null;
  /** What dependent samples are worth. */
  readonly effectiveSamples: number | null;
}

export type Verdict = 'within' | 'out' | 'unknown';

export interface BudgetLineView {
  readonly metric: string;
  readonly verdict: Verdict;
  readonly gate: boolean;
  readonly severity: string;
  readonly limit: number;
  readonly figure: FigureView | null;
}

export interface VersionView {
  readonly version: string;
  readonly build: string;
  readonly serving: boolean;
  readonly verdict: Verdict;
  readonly knownGood: boolean;
  readonly lines: readonly BudgetLineView[];
  /** Figures by window length in milliseconds. */
  readonly windows: Readonly<Record<string, readonly FigureView[]>>;
}

export interface AlertView {
  readonly rule: string;
  readonly version: string;
  readonly state: 'inactive' | 'pending' | 'firing' | 'resolved';
  readonly severity: string;
  /** When the condition first held. */
  readonly sinceMs: number;
  readonly changedAtMs: number;
  readonly reason: string;
  readonly summary: string;
  readonly limit: number;
  readonly figure: FigureView | null;
}

export interface ComparisonView {
  readonly first: string;
  readonly second: string;
  readonly serving: string;
  readonly sinceMs: number;
  readonly pairs: number;
  readonly firstCorrect: number;
  readonly secondCorrect: number;
  readonly difference: number;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly designEffect: number;
}

export interface RevenueView {
  readonly servingVersion: string;
  readonly projectedPerDayUsd: number | null;
  readonly earnedUsd: number;
  readonly efficiencyScore: number | null;
  readonly lossPerMinuteUsd: number;
}

export interface ProtectedView {
  readonly incident: string;
  readonly from: string;
  readonly to: string;
  readonly sinceMs: number;
  readonly inputs: number;
  readonly usd: number;
}

export interface CountsView {
  readonly predictions: number;
  readonly outcomes: number;
  readonly labelled: number;
  readonly duplicates: number;
  readonly orphans: number;
  readonly tooLate: number;
}

export interface ModelView {
  readonly model: string;
  /** Whether somebody defined it; otherwise the default budget watches it, and nobody is paged. */
  readonly declared: boolean;
  readonly serving: string;
  readonly verdict: Verdict;
  readonly versions: readonly VersionView[];
  readonly alerts: readonly AlertView[];
  readonly comparisons: readonly ComparisonView[];
  readonly revenue: RevenueView | null;
  readonly protectedValue: readonly ProtectedView[];
  readonly counts: CountsView;
  readonly openIncidents: readonly string[];
}

/** A point of a version's history: one window figure at a time. */
export interface HistoryPoint {
  readonly atMs: number;
  readonly version: string;
  readonly serving: boolean;
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly samples: number;
}

export interface TimelineView {
  readonly number: number;
  readonly atMs: number;
  /** `opened`, `decision`, `verified`, …: the kind of the incident's event. */
  readonly kind: string;
  readonly text: string;
}

export interface IncidentSummaryView {
  readonly id: string;
  readonly model: string;
  readonly rule: string;
  readonly title: string;
  readonly severity: string;
  readonly tier: string;
  readonly state: 'open' | 'acknowledged' | 'resolved';
  readonly openedAtMs: number;
  readonly breachAtMs: number;
  readonly resolvedAtMs: number | null;
  readonly costUsd: number;
  /** What it costs now. */
  readonly usdPerMinute: number;
  /** Number of its newest event: a command names it. */
  readonly number: number;
  readonly hasPostMortem: boolean;
}

export interface IncidentView extends IncidentSummaryView {
  readonly timeline: readonly TimelineView[];
}

export interface EnvironmentView {
  readonly environment: string;
  /** The environment's own clock: the largest tick so far. `null` before the first. */
  readonly clockMs: number | null;
  /** Records that exist and are not taken in yet. */
  readonly behind: number;
  readonly replay: ReplayView | null;
  readonly models: number;
  readonly openIncidents: number;
}

export interface ReplayView {
  readonly step: number;
  readonly steps: number;
  readonly finished: boolean;
}
