import { renderTemplate, type TemplateFacts } from '@moola/contracts/definitions/annotation-template';
import { severityName } from '@moola/contracts/definitions/severities';
import type { AlertTransition } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { spoken } from './durations.js';
import { breachOf, finding } from './headline.js';
import { instant } from './instants.js';
import { metricLabel, metricValue } from './metrics.js';
import { segmentPair } from './segments.js';
import { aboutText } from './subject.js';

const roles: Readonly<Record<Role, string>> = {
  [Role.UNSPECIFIED]: 'primary',
  [Role.PRIMARY]: 'primary',
  [Role.CANARY]: 'canary',
  [Role.SHADOW]: 'shadow',
};

/** What a rule says in its own words, of one alert. */
export interface Annotations {
  /** Empty where the rule has none. */
  readonly summary: string;
  readonly description: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The rule's templates, filled in. */
export function annotationsOf(model: string, alert: AlertTransition): Annotations {
  const { summary, definition } = alert;
  const facts = () => factsOf(model, alert);
  return {
    summary: renderTemplate(summary, facts),
    description: renderTemplate(definition?.description ?? '', facts),
    labels: { ...definition?.labels },
  };
}

/** `team=fraud, tier=1`, by name; empty without any. */
export function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join(', ');
}

function factsOf(model: string, alert: AlertTransition): TemplateFacts {
  const breach = breachOf(alert);
  const segment = alert.definition?.segment;
  const { metric, value, limit, baseline, windowMs, samples, version, rule } = breach;
  return {
    ...{ model, version, rule, subject: `${model} ${aboutText(breach)}`, samples, value },
    segment: segment === undefined ? null : segmentPair(segment),
    role: roles[alert.role],
    severity: severityName(alert.severity),
    metric: metric === '' ? '' : metricLabel(metric),
    figure: value === null ? 'unknown' : metricValue(metric, value),
    limit: metric === '' ? String(limit) : metricValue(metric, limit),
    finding: finding(breach),
    limitValue: limit,
    baseline: baseline === null ? null : metricValue(metric, baseline),
    window: windowMs > 0 ? spoken(windowMs) : '',
    since: instant(alert.sinceMs),
    labels: { ...alert.definition?.labels },
  };
}
