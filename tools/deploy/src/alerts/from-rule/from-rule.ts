import { Comparator, type Definition, type RuleDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { severityName } from '@moola/contracts/definitions/severities';
import { formatDuration } from '@moola/contracts/definitions/durations';
import { exposedMetric } from '@moola/metrics/exposed-metrics';
import { metricNamed } from '@moola/metrics/catalogue';
import { basis } from '@moola/metrics/metric';
import { once } from '../../console-metrics.js';
import type { Alert, Series } from '../alert.js';
import { inWatchedEnvironment, watchedEnvironment } from '../watched-environment.js';

/** What a rule lacks for people who get it from Prometheus. */
export interface RuleText {
  /** Of what is wrong: a sentence. */
  readonly summary: string;
  /** A figure that breaks the limit and one that does not, in the unit of the exposed metric. */
  readonly wrong: number;
  readonly right: number;
  /** `wrong` as the summary says it. */
  readonly written: string;
}

/** How `$value` is written, by the ending of the metric's name. */
const formats: readonly (readonly [RegExp, string])[] = [
  [/_ratio$/, '{{ $value | humanizePercentage }}'],
  [/_seconds$/, '{{ $value | humanizeDuration }}'],
];

/**
 * The alert of Prometheus that a rule of a model's definitions stands for: the same metric, window, limit, time and number of
 * samples, of the version that serves in `live`. It compares the figure, also where the rule compares its bound: Prometheus is
 * the second pair of eyes, which still sees when Moola's own alerting fails.
 */
export function alertFromRule(definition: Definition, text: RuleText): Alert {
  const { kind, name } = definition;
  if (kind.case !== 'rule') throw new Error(`${name} is no rule`);
  const rule = kind.value;
  const exposed = exposedMetric(rule.metric);
  const selector = selectorOf(rule);
  const labels = 'environment, model, version, role, window';
  const isOfTraffic = metricNamed(rule.metric)?.restsOn === basis.traffic;
  const samples = isOfTraffic ? 'moola_model_predictions' : 'moola_model_labels';
  const sign = rule.comparator === Comparator.BELOW ? '<' : '>';
  const value = formats.find(([ending]) => ending.test(exposed.name))?.[1] ?? '{{ $value }}';
  const firing = {
    environment: watchedEnvironment,
    model: rule.model,
    version: 'v2',
    role: 'primary',
    window: windowOf(rule),
  };
  const series = (figure: number, count: number): Series => {
    // Of two consoles: one alert.
    const of = ['a', 'b'].map((instance) =>
      Object.entries({ ...firing, job: 'moola-models', instance })
        .map(([label, each]) => `${label}="${each}"`)
        .join(', '),
    );
    return Object.fromEntries(
      of.flatMap((all) => [
        [`${exposed.name}{${all}}`, `${figure}x200`],
        [`${samples}{${all}}`, `${count}x200`],
      ]),
    );
  };
  return {
    name,
    severity: severityOf(rule),
    expr:
      `${once(`${exposed.name}{${selector}}`)} ${sign} ${exposed.inBaseUnit(rule.limit)}\n` +
      `and on (${labels}) ${once(`${samples}{${selector}}`)} >= ${rule.minimumSamples}`,
    for: formatDuration(rule.forMs),
    summary: text.summary,
    description: `It is ${value} over ${windowOf(rule)} ({{ $labels.model }} {{ $labels.version }}, which serves). Moola's own rule of this name opens the incident: see the console.`,
    fires: { series: series(text.wrong, rule.minimumSamples), at: '45m', alerts: [firing], value: text.written },
    quiet: { series: series(text.right, rule.minimumSamples), at: '45m' },
  };
}

function windowOf({ windowMs }: RuleDefinition): string {
  return formatDuration(windowMs);
}

function selectorOf(rule: RuleDefinition): string {
  return `${inWatchedEnvironment}, model="${rule.model}", role="primary", window="${windowOf(rule)}"`;
}

function severityOf({ severity }: RuleDefinition): Alert['severity'] {
  const name = severityName(severity);
  if (name === 'info' || name === 'warning') return name;
  return 'critical';
}
