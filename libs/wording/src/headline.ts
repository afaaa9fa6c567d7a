import { Compare, type RuleDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { AlertState, type AlertTransition } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { spoken } from './durations.js';
import { namedSegment, segmentText, type NamedSegment } from './segments.js';
import { clockMinute, minute } from './instants.js';
import { apart, metricDifference, metricLabel, metricValue, times } from './metrics.js';
import { trimmed } from './numbers.js';
import { aboutText, namedSubject, type NamedSubject } from './subject.js';

/** What a rule compares with its limit. */
type Compared = 'figure' | 'ratio to baseline' | 'difference to baseline';

/** What is wrong, as an alert knows it: all that its sentence is made of. Plain values. */
export interface Breach {
  readonly rule: string;
  readonly version: string;
  /** The job or instance that it is on; absent on a version. */
  readonly subject?: NamedSubject;
  /** When the condition first held, milliseconds since the epoch. */
  readonly sinceMs: number;
  /** Empty in a record that names none. */
  readonly metric: string;
  /** The part of the traffic that it watches, `region eu`; empty: all of it. */
  readonly segment: string;
  /** Of a rule on segments by pattern: which of them this alert is on. */
  readonly onSegment?: NamedSegment;
  /** `null` without samples. */
  readonly value: number | null;
  readonly samples: number;
  /** What the samples are worth where they depend on each other; `null` where that is not known. */
  readonly effectiveSamples: number | null;
  readonly limit: number;
  readonly compared: Compared;
  /** The same metric of the same version when it was known good; `null` where nothing is compared with it. */
  readonly baseline: number | null;
  /** Fewer samples than this are what is wrong; `null` for a rule with a limit. */
  readonly neededSamples: number | null;
  /** Over which the figure is read; 0 in a record of a version that did not say. */
  readonly windowMs: number;
}

/** An alert of an older version names no rule: then its figure and its limit are what is known. */
export function breachOf(alert: AlertTransition): Breach {
  const { rule, version, sinceMs, figure, limit, definition } = alert;
  const subject = namedSubject(alert.subject);
  const onSegment = namedSegment(alert.segment);
  return {
    ...{ rule, version, sinceMs, limit },
    ...(subject && { subject }),
    metric: figure?.metric ?? definition?.metric ?? '',
    segment: segmentText(definition?.segment ?? onSegment),
    ...(onSegment && { onSegment }),
    value: figure?.value ?? null,
    samples: figure?.samples ?? 0,
    effectiveSamples: figure?.effectiveSamples ?? null,
    compared: comparedOf(definition?.compare),
    baseline: alert.baseline ?? null,
    neededSamples: definition !== undefined && isMissing(alert, definition) ? definition.minimumSamples : null,
    windowMs: definition?.windowMs ?? 0,
  };
}

/** Whether too few samples are what is wrong. */
function isMissing({ reason, to }: AlertTransition, { onMissing }: RuleDefinition): boolean {
  return onMissing || (reason === 'data missing' && (to === AlertState.PENDING || to === AlertState.FIRING));
}

function comparedOf(compare: Compare | undefined): Compared {
  if (compare === Compare.RATIO_TO_BASELINE) return 'ratio to baseline';
  return compare === Compare.DIFFERENCE_TO_BASELINE ? 'difference to baseline' : 'figure';
}

/** `Accuracy 62.8 %, limit 85 %, v7`, `Time without progress 31 min, limit 30 min, job fit`: what is wrong at a glance. `sinceText` says since when. */
export function headline(breach: Breach): string {
  return `${finding(breach)}, ${aboutText(breach)}`;
}

/** `since 09:36`, in UTC; with its date where that is not the day of `asOfMs`. */
export function sinceText(sinceMs: number, asOfMs: number): string {
  const at = minute(sinceMs);
  return `since ${at.slice(0, 10) === minute(asOfMs).slice(0, 10) ? clockMinute(sinceMs) : at}`;
}

/** `Accuracy 62.8 %, limit 85 %`. */
export function finding(breach: Breach): string {
  const { rule, metric, segment, value, samples, limit, neededSamples, compared, baseline, windowMs } = breach;
  // The end of a removed rule has neither a figure nor a limit.
  const part = segment === '' ? '' : ` (${segment})`;
  if (metric === '') return `Alert ${rule}${part}` + (limit === 0 ? '' : `, limit ${trimmed(limit, 4)}`);
  const label = metricLabel(metric) + part;
  if (neededSamples !== null) {
    const over = windowMs > 0 ? ` in ${spoken(windowMs)}` : '';
    // Their samples are what they count.
    const counts = metric === 'predictions' || metric === 'labels';
    const things = counts ? inSentence(label) : `samples for ${inSentence(label)}`;
    const needed = trimmed(neededSamples, 0);
    if (samples === 0) return `No ${things}${over}, at least ${needed} expected`;
    return `Too few ${things}: ${trimmed(samples, 0)}${over}, ${needed} needed`;
  }
  if (value === null) return `${label} unknown, limit ${metricValue(metric, limit)}`;
  if (compared === 'figure') {
    const [figure, bound] = apart(value, limit, (each, digits) => metricValue(metric, each, digits));
    return `${label} ${figure}, limit ${bound}`;
  }
  const figure = metricValue(metric, value);
  if (baseline === null) return `${label} ${figure}, too far from when it was known good`;
  const good = metricValue(metric, baseline);
  if (compared === 'ratio to baseline') {
    const [ratio, bound] = apart(value / baseline, limit, times);
    return `${label} ${figure}, ${ratio} of ${good} when it was known good, limit ${bound}`;
  }
  const difference = (each: number, digits: number) => metricDifference(metric, Math.abs(each), digits);
  const [distance, bound] = apart(value - baseline, limit, difference);
  return `${label} ${figure}, ${distance} ${value < baseline ? 'below' : 'above'} ${good} when it was known good, limit ${bound}`;
}

function inSentence(label: string): string {
  return label.charAt(0).toLowerCase() + label.slice(1);
}
