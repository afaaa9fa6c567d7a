import type { Alert } from '../alert.js';
import { inWatchedEnvironment, watchedEnvironment } from '../watched-environment.js';
import { simpleLstmRules } from './simple-lstm.js';

const firing = (rule: string, severity: string, values: string, instance = 'a', segment = '') => ({
  [`moola_model_alert_firing{${inWatchedEnvironment}, model="churn", version="v7", role="primary", rule="${rule}", severity="${severity}"${segment === '' ? '' : `, segment="${segment}"`}, job="moola-models", instance="${instance}"}`]:
    values,
});

/** Whatever Moola's rules on any model say is critical, told through Prometheus too. */
export const modelAlertFiring: Alert = {
  name: 'MoolaModelAlertFiring',
  severity: 'critical',
  expr: `max by (environment, model, rule, segment) (moola_model_alert_firing{${inWatchedEnvironment}, severity=~"critical|emergency", rule!~"${simpleLstmRules.join('|')}"}) == 1`,
  // Moola itself has notified at once: this one is for what still fires when that may not have been seen.
  for: '5m',
  summary:
    'The alert {{ $labels.rule }} on {{ $labels.model }}{{ with $labels.segment }} ({{ . }}){{ end }} has been firing for five minutes.',
  description:
    "Moola's rule opened an incident and Moola notified people of it (environment {{ $labels.environment }}): see the console. Who is content with that routes this alert to nobody.",
  fires: {
    // Two consoles, one alert.
    series: {
      ...firing('AccuracyDrop', 'critical', '0 1x40', 'a'),
      ...firing('AccuracyDrop', 'critical', '0 1x40', 'b'),
      // Of a rule on segments by pattern each by itself.
      ...firing('CountryDrop', 'critical', '0 1x40', 'a', 'country=de'),
      ...firing('CountryDrop', 'critical', '0 1x40', 'a', 'country=fr'),
    },
    at: '7m',
    alerts: [
      { environment: watchedEnvironment, model: 'churn', rule: 'AccuracyDrop' },
      { environment: watchedEnvironment, model: 'churn', rule: 'CountryDrop', segment: 'country=de' },
      { environment: watchedEnvironment, model: 'churn', rule: 'CountryDrop', segment: 'country=fr' },
    ],
  },
  // A warning; a critical one that is over; one that Prometheus evaluates itself.
  quiet: {
    series: {
      ...firing('LatencySpike', 'warning', '1x40'),
      ...firing('AccuracyDrop', 'critical', '1x15 0x30'),
      ...firing(simpleLstmRules[0] ?? '', 'critical', '1x40'),
    },
    at: '7m',
  },
};
