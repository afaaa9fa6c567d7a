import { comparesBaseline } from '@moola/contracts/definitions/compares';
import { BudgetVerdict } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { ModelState } from './models/model-state.js';
import type { VersionState } from './models/version-state.js';
import type { WatchedRule } from './models/watched-model.js';

/**
 * How many predictions and labels more cannot change how a version stands with its budget and its rules, because all that
 * decides has too few samples: an event adds one to each at most, and time only takes away. 0: it is to be judged at every
 * tick. Most series of a large installation are that rare; judging them would cost more than all else.
 */
export function eventsUntilJudged(model: ModelState, version: VersionState, tickMs: number): number {
  if (version.holdsAhead(tickMs)) return 0;
  return Math.min(ofBudget(model, version), isJudged(model, version) ? ofRules(model, version) : Infinity);
}

function ofBudget(model: ModelState, version: VersionState): number {
  if (!model.watched.definition.budget) return Infinity;
  if (version.record.standing.verdict !== BudgetVerdict.UNKNOWN) return 0;
  const { budgetWindowMs, budgetLines } = model.watched;
  const whole = version.view(budgetWindowMs);
  let events = Infinity;
  for (const { line, metric } of budgetLines) {
    // Unknown whatever its samples, until the version is known good.
    if (metric.needsBaseline && version.record.baseline === null) continue;
    const view = line.segment === undefined ? whole : version.part(line.segment).view(budgetWindowMs);
    events = Math.min(events, line.minimumSamples - metric.samples(view));
  }
  return Math.max(0, events);
}

function isJudged(model: ModelState, version: VersionState): boolean {
  return model.isServing(version) || !model.watched.judgesWhatServes;
}

/** Where its data is missing, an alert neither begins nor ends, unless the rule asks for that. */
function ofRules(model: ModelState, version: VersionState): number {
  let events = Infinity;
  for (const { definition } of model.watched.rules) {
    if (definition.onMissing || definition.alertOnMissingAfterMs > 0) return 0;
    // A segment that is not known yet has no rule: it comes with its first event.
    if (definition.match?.segment) events = Math.min(events, definition.minimumSamples);
  }
  for (const rule of model.rulesInForce.rules) {
    if (isWithoutBaseline(rule, version)) continue;
    const samples = rule.metric.samples(version.part(rule.definition.segment).view(rule.definition.windowMs));
    events = Math.min(events, rule.definition.minimumSamples - samples);
  }
  return Math.max(0, events);
}

function isWithoutBaseline(
  { definition: { compare }, metric }: WatchedRule,
  { record: { baseline } }: VersionState,
): boolean {
  if (baseline !== null) return false;
  return metric.needsBaseline === true || comparesBaseline(compare);
}
