import type { Alert } from '../alert.js';
import { inWatchedEnvironment, watchedEnvironment } from '../watched-environment.js';

/** A processor of each service: whoever runs one runs all of its service. */
const processors = {
  collector: 'collector/join',
  tracker: 'tracker',
  bridge: 'bridge',
  experiment: 'experiment',
  responder: 'responder/decide',
  notifier: 'notifier/plan',
};

const running = (processor: string): string =>
  `moola_partitions_owned{${inWatchedEnvironment}, processor="${processor}"}`;

const stale = `moola_console_stale{${inWatchedEnvironment}}`;

/** What is seen of services that run. */
const all = {
  ...Object.fromEntries(Object.values(processors).map((processor) => [running(processor), '1x20'])),
  [stale]: '0x20',
};
const withoutBridge = Object.fromEntries(Object.entries(all).filter(([series]) => !series.includes('"bridge"')));

export const serviceAbsent: Alert = {
  name: 'MoolaServiceAbsent',
  severity: 'critical',
  // Goes by what runs, not by jobs: so it holds for services apart and for all in one process. The label job, which absent() has
  // not, is that of MoolaInstanceDown: Alertmanager inhibits by it.
  expr: [
    ...Object.entries(processors).map(
      ([service, processor]) => `label_replace(absent(${running(processor)}), "job", "${service}", "", "")`,
    ),
    `label_replace(absent(${stale}), "job", "console", "", "")`,
  ].join('\nor '),
  for: '1m',
  summary: 'Nothing does the work of the service {{ $labels.job }}.',
  description:
    'What it should read waits in its topic until an instance runs. No event is lost while the topic keeps it.',
  fires: {
    series: withoutBridge,
    at: '2m',
    alerts: [{ job: 'bridge', environment: watchedEnvironment, processor: 'bridge' }],
  },
  quiet: { series: all, at: '2m' },
};
