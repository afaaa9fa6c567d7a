import type { AlertCondition } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { Alert } from '@moola/rules/alert';
import type { BudgetStanding } from '../budgets/budget.js';
import type { Counted } from '@moola/metrics/metric';

/** What is kept of a version beside its buckets. */
export interface VersionRecord {
  /** The role of its last deployment or prediction, whichever came last. */
  role: Role;
  /** Something happened since its last evaluation. */
  changed: boolean;
  /** Its windows changed since the last snapshot. */
  unpublished: boolean;
  /** They changed since its breakdown was published. */
  breakdownDue: boolean;
  standing: BudgetStanding;
  /** What was published of the budget last: whether it served; `null` before that, and when another definition has come. */
  publishedServing: boolean | null;
  /** Figures by metric name, over the budget's window, when it last became known good. */
  baseline: Record<string, number> | null;
  /** Those figures that are ratios of counts, as such; absent in checkpoints of earlier releases. */
  baselineCounts?: Record<string, Counted>;
  /** By rule name. */
  alerts: Record<string, Alert>;
  /** By rule name, of firing alerts whose figure went missing: what was said of it last, until its condition holds again. */
  missingFigures?: Record<string, AlertCondition>;
}
