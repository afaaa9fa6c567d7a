import type { Alert } from '../alert.js';

const up = (job: string, instance: string): string => `up{job="${job}", instance="${instance}"}`;
const ready = (job: string, instance: string): string => `moola_ready{job="${job}", instance="${instance}"}`;
const models = (instance: string): string =>
  `moola_model_metrics_ready{job="moola-models", instance="${instance}", environment="live"}`;

export const instanceDown: Alert = {
  name: 'MoolaInstanceDown',
  severity: 'warning',
  // Which targets are Moola's is seen by what they answered within a day, not by the job's name: others call a job "collector" too,
  // and how it is named is up to who scrapes. One that has never answered is none; MoolaServiceAbsent tells when it is the only one.
  expr:
    'up == 0\n' +
    'and on (job, instance) (present_over_time(moola_ready[1d]) or present_over_time(moola_model_metrics_ready[1d]))',
  for: '1m',
  summary: 'An instance of {{ $labels.job }} ({{ $labels.instance }}) does not answer.',
  description: 'Others take its partitions over. If it is the only one, its work waits.',
  fires: {
    series: {
      [up('tracker', '10.0.0.2:8080')]: '1x20',
      [ready('tracker', '10.0.0.2:8080')]: '1x20',
      [up('tracker', '10.0.0.3:8080')]: '1 1 0x18',
      [ready('tracker', '10.0.0.3:8080')]: '1 1 stale _x17',
    },
    at: '2m',
    alerts: [{ job: 'tracker', instance: '10.0.0.3:8080' }],
  },
  // A restart.
  quiet: {
    series: {
      [up('bridge', '10.0.0.4:8080')]: '1 0 0 0 1x20',
      [ready('bridge', '10.0.0.4:8080')]: '1 stale _ _ 1x20',
    },
    at: '1m',
  },
  cases: [
    {
      name: 'does not fire for a job of others that is called as one of Moola',
      series: {
        [up('collector', '10.0.0.5:8080')]: '1x20',
        [ready('collector', '10.0.0.5:8080')]: '1x20',
        [up('collector', '10.0.0.9:8888')]: '1 0x20',
      },
      at: '3m',
      alerts: [],
    },
    {
      name: 'fires for the scrape of the models',
      series: { [up('moola-models', '10.0.0.6:8080')]: '1 0x20', [models('10.0.0.6:8080')]: '1 stale _x18' },
      at: '3m',
      alerts: [{ job: 'moola-models', instance: '10.0.0.6:8080' }],
    },
  ],
};
