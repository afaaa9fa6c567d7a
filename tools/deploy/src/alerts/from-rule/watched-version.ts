import type { RuleDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { formatDuration } from '@moola/contracts/definitions/durations';
import { metricNamed } from '@moola/metrics/catalogue';
import { exposedMetric } from '@moola/metrics/exposed-metrics';
import { basis } from '@moola/metrics/metric';
import { once } from '../../console-metrics.js';
import { inWatchedEnvironment, watchedEnvironment } from '../watched-environment.js';
import type { Watched } from './watched.js';

/**
 * The version that serves, of a model or of every model in `live`, with enough samples. The figure itself is compared, also where the rule compares
 * its bound: Prometheus is the second pair of eyes, which still sees when Moola's own alerting fails.
 */
export function watchedVersion(rule: RuleDefinition): Watched {
  const exposed = exposedMetric(rule.metric);
  const window = formatDuration(rule.windowMs);
  const named = rule.model === '' ? '' : `, model="${rule.model}"`;
  const selector = `${inWatchedEnvironment}${named}, role="primary", window="${window}"`;
  const isOfTraffic = metricNamed(rule.metric)?.restsOn === basis.traffic;
  const samples = isOfTraffic ? 'moola_model_predictions' : 'moola_model_labels';
  const model = rule.model === '' ? 'fraud' : rule.model;
  const labels = { environment: watchedEnvironment, model, version: 'v2', role: 'primary', window };
  return {
    figure: once(`${exposed.name}{${selector}}`),
    provided: `and on (${Object.keys(labels).join(', ')}) ${once(`${samples}{${selector}}`)} >= ${rule.minimumSamples}`,
    inBaseUnit: exposed.inBaseUnit,
    ...{ labels, metric: exposed.name, beside: [{ metric: samples, value: rule.minimumSamples }] },
    describe: (value) =>
      `It is ${value} over ${window} ({{ $labels.model }} {{ $labels.version }}, which serves). Moola's own rule of this name opens the incident: see the console.`,
    exempt: [],
  };
}
