import { stringify } from 'yaml';
import {
  Comparator,
  Compare,
  type BudgetLine,
  type Definition,
  type InfrastructureDefinition,
  type MeasurementLimit,
  type ModelDefinition,
  type PlaybookDefinition,
  type RouteDefinition,
  type RuleDefinition,
  type RuleLevel,
  type ValueDefinition,
  type WatchedSegments,
} from '../gen/moola/v1/definitions_pb.js';
import { formatDuration } from './durations.js';
import { matchYaml } from './match.js';
import { measurementPrefix } from './measurement-limits.js';
import { taskOf } from './task-types.js';
import { severityName } from './severities.js';

/** The definition as a document of a file: what `parseDefinitions` reads, it gives again. */
export function definitionYaml(definition: Definition): string {
  return stringify(documentOf(definition), { lineWidth: 0 });
}

function documentOf({ name, kind }: Definition): Record<string, unknown> {
  switch (kind.case) {
    case 'model':
      return { kind: 'Model', name, ...ofModel(kind.value) };
    case 'rule':
      return { kind: 'Rule', name, ...ofRule(kind.value) };
    case 'value':
      return { kind: 'Value', name, ...ofValue(kind.value) };
    case 'playbook':
      return { kind: 'Playbook', name, ...ofPlaybook(kind.value) };
    case 'route':
      return { kind: 'Route', name, ...ofRoute(kind.value) };
    case 'infrastructure':
      return { kind: 'Infrastructure', name, ...ofInfrastructure(kind.value) };
    case 'deletion':
    case undefined:
      throw new Error(`${name} is no definition in force`);
  }
}

function ofModel(model: ModelDefinition): Record<string, unknown> {
  const { budget, comparison, registry } = model;
  return {
    task: taskOf(model.task),
    positiveClass: model.positiveClass,
    labelHorizon: formatDuration(model.labelHorizonMs),
    labelDependence: formatDuration(model.labelDependenceMs),
    designEffect: model.designEffect,
    bucket: formatDuration(model.bucketMs),
    ...(model.segments && { segments: ofSegments(model.segments) }),
    ...(model.labelledWith.length > 0 && { labelledWith: model.labelledWith }),
    ...(model.features.length > 0 && { features: model.features }),
    budget: budget && {
      window: formatDuration(budget.windowMs),
      knownGoodAfter: formatDuration(budget.knownGoodAfterMs),
      knownGoodLabels: budget.knownGoodLabels,
      // The default lines alert nobody: written out, they would.
      ...(budget.lines.some(({ alert }) => alert !== undefined) && { lines: budget.lines.map(ofLine) }),
      ...(budget.measurements.length > 0 && { measurements: budget.measurements.map(ofMeasurement) }),
    },
    comparison: comparison && {
      alpha: comparison.alpha,
      tunedFor: comparison.tunedForBuckets,
      minimumPairs: comparison.minimumPairs,
      designEffect: comparison.designEffect,
    },
    ...(registry && { registry: { registeredModel: registry.registeredModel, alias: registry.alias } }),
  };
}

function ofSegments({ keys, most }: WatchedSegments): Record<string, unknown> {
  return { ...(keys.length > 0 && { keys }), most };
}

function onSegment({ segment }: BudgetLine | RuleDefinition): Record<string, unknown> {
  return segment === undefined ? {} : { segment: { [segment.key]: segment.value } };
}

function ofLine(line: BudgetLine): Record<string, unknown> {
  const { metric, severity, gate, minimumSamples, alert } = line;
  const levels = alert?.levels ?? [];
  return {
    ...{ metric, ...onSegment(line), gate, minimumSamples },
    ...(levels.length > 0
      ? { levels: levels.map((level) => ofLevel(level, line)) }
      : { ...limitOf(line), severity: severityName(severity) }),
    ...(alert && {
      ...comparedBy(alert),
      ...(levels.length > 0 ? { keepFiringFor: formatDuration(alert.keepFiringForMs) } : lasting(alert)),
      ...words({ ...line, ...alert }),
    }),
  };
}

function ofMeasurement(limit: MeasurementLimit): Record<string, unknown> {
  const { name, metric, windowMs, severity, minimumSamples } = limit;
  return {
    ...{ name, figure: metric.slice(measurementPrefix.length), ...limitOf(limit) },
    ...(windowMs > 0 && { window: formatDuration(windowMs) }),
    ...{ severity: severityName(severity), minimumSamples, ...lasting(limit), ...words(limit) },
  };
}

function ofRule(rule: RuleDefinition): Record<string, unknown> {
  return {
    ...(rule.model !== '' && { model: rule.model }),
    ...(rule.match && { match: matchYaml(rule.match) }),
    metric: rule.metric,
    ...(rule.windowMs > 0 && { window: formatDuration(rule.windowMs) }),
    ...onSegment(rule),
    ...comparedBy(rule),
    ...(rule.onMissing && { onMissing: true }),
    ...(rule.levels.length > 0
      ? {
          levels: rule.levels.map((level) => ofLevel(level, rule)),
          keepFiringFor: formatDuration(rule.keepFiringForMs),
        }
      : { ...(!rule.onMissing && limitOf(rule)), ...lasting(rule), severity: severityName(rule.severity) }),
    minimumSamples: rule.minimumSamples,
    ...(rule.unless.length > 0 && { unless: rule.unless }),
    ...(rule.alertOnMissingAfterMs > 0 && { missing: `alert after ${formatDuration(rule.alertOnMissingAfterMs)}` }),
    ...(rule.match?.segment && { mostAlerts: rule.match.segment.mostAlerts }),
    ...(rule.longestGapMs > 0 && { longestGap: formatDuration(rule.longestGapMs) }),
    ...words(rule),
  };
}

function ofLevel(
  { severity, limit, forMs }: RuleLevel,
  { comparator, onMissing = false }: { readonly comparator: Comparator; readonly onMissing?: boolean },
) {
  return {
    severity: severityName(severity),
    ...(!onMissing && limitOf({ comparator, limit })),
    for: formatDuration(forMs),
  };
}

function ofValue(value: ValueDefinition): Record<string, unknown> {
  return {
    valuePerPrediction: value.valuePerPredictionUsd,
    predictionsPerDay: value.predictionsPerDay,
    infrastructureCostPerDay: value.infrastructureCostPerDayUsd,
    modelCostPerDay: value.modelCostPerDayUsd,
  };
}

function ofPlaybook(playbook: PlaybookDefinition): Record<string, unknown> {
  return {
    severities: playbook.severities.map((policy) => ({
      severity: severityName(policy.severity),
      respondWithin: formatDuration(policy.respondWithinMs),
      escalateAfter: formatDuration(policy.escalateAfterMs),
      escalateTo: policy.escalateTo,
    })),
    healActions: playbook.healActions,
    scaleActions: playbook.scaleActions,
    verifyWithin: formatDuration(playbook.verifyWithinMs),
    ...(playbook.reopenAfterMs > 0 && { reopenAfter: formatDuration(playbook.reopenAfterMs) }),
    rollbackAutomatically: playbook.rollbackAutomatically,
  };
}

function ofRoute(route: RouteDefinition): Record<string, unknown> {
  return {
    ...(route.model !== '' && { model: route.model }),
    minimumSeverity: severityName(route.minimumSeverity),
    audience: route.audience,
    channels: route.channels.map(({ kind, name }) => ({ kind, name })),
    groupWait: formatDuration(route.groupWaitMs),
  };
}

function ofInfrastructure(infrastructure: InfrastructureDefinition): Record<string, unknown> {
  const { model, server, intervalMs, instanceLabel, queries } = infrastructure;
  return { model, server, interval: formatDuration(intervalMs), instanceLabel, queries };
}

const compares = {
  [Compare.UNSPECIFIED]: 'figure',
  [Compare.FIGURE]: 'figure',
  [Compare.BOUND]: 'bound',
  [Compare.RATIO_TO_BASELINE]: 'ratioToBaseline',
  [Compare.DIFFERENCE_TO_BASELINE]: 'differenceToBaseline',
} as const;

/** The bare figure has no confidence to state. */
function comparedBy({ compare, confidence }: { readonly compare: Compare; readonly confidence: number }) {
  return { compare: compares[compare], ...(compares[compare] !== 'figure' && { confidence }) };
}

type Words = Pick<RuleDefinition, 'labels' | 'summary' | 'description' | 'runbook'>;

function limitOf({ comparator, limit }: { readonly comparator: Comparator; readonly limit: number }) {
  return comparator === Comparator.BELOW ? { below: limit } : { above: limit };
}

function lasting({ forMs, keepFiringForMs }: { readonly forMs: number; readonly keepFiringForMs: number }) {
  return { for: formatDuration(forMs), keepFiringFor: formatDuration(keepFiringForMs) };
}

function words({ labels, summary, description, runbook }: Words) {
  return {
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(summary !== '' && { summary }),
    ...(description !== '' && { description }),
    ...(runbook !== '' && { runbook }),
  };
}
