import type {
  BudgetLine,
  ModelDefinition,
  RuleDefinition,
  Segment,
} from '@moola/contracts/gen/moola/v1/definitions_pb';
import { mostSegments } from '@moola/contracts/definitions/segments';
import { planTiers, placesOf } from '@moola/windows/tiers';
import type { TaskType } from '@moola/metrics/task-type';
import type { WindowPlan } from '../windows/window-store.js';

/** Which segments of a model's traffic are watched apart. */
export interface WatchedSegments {
  /** Labels whose values are segments; `null`: every label. */
  readonly keys: ReadonlySet<string> | null;
  /** How many are told apart, beside those that rules and budget lines name. */
  readonly most: number;
  /** Those that rules and budget lines name. */
  readonly named: readonly Segment[];
  readonly plan: WindowPlan;
}

const minuteMs = 60_000;

/** The windows of segments are made of buckets of a minute at least: there are many segments. */
export function segmentBucketMs(bucketMs: number): number {
  return Math.max(bucketMs, minuteMs);
}

/** @param rules on the model */
export function watchSegments(
  model: ModelDefinition,
  task: TaskType,
  budgetWindowMs: number,
  lines: readonly BudgetLine[],
  rules: readonly RuleDefinition[],
): WatchedSegments {
  const onSegments = rules.filter(({ segment, match }) => segment !== undefined || match?.segment !== undefined);
  const windows = [budgetWindowMs, ...onSegments.map(({ windowMs }) => windowMs)];
  const tiers = planTiers(segmentBucketMs(model.bucketMs), windows);
  const keys = model.segments?.keys ?? [];
  return {
    keys: keys.length === 0 ? null : new Set(keys),
    most: model.segments?.most ?? mostSegments,
    named: [...lines, ...onSegments].flatMap(({ segment }) => (segment === undefined ? [] : [segment])),
    plan: { task, tiers, places: placesOf(tiers) },
  };
}
