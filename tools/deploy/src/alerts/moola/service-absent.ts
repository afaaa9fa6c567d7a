import type { Alert } from '../alert.js';

/** A processor of each service: whoever runs one runs all of its service. */
const processors = {
  collector: 'collector/join',
  tracker: 'tracker',
  bridge: 'bridge',
  experiment: 'experiment',
  responder: 'responder/decide',
  notifier: 'notifier/plan',
};

const running = (processor: string): string => `moola_partitions_owned{environment="live", processor="${processor}"}`;

/** What is seen of services that run. */
const all = {
  ...Object.fromEntries(Object.values(processors).map((processor) => [running(processor), '1x20'])),
  'moola_console_stale{environment="live"}': '0x20',
};
const withoutBridge = Object.fromEntries(Object.entries(all).filter(([series]) => !series.includes('"bridge"')));

export const serviceAbsent: Alert = {
  name: 'MoolaServiceAbsent',
  severity: 'critical',
  // Goes by what runs, not by jobs: so it holds for services apart and for all in one process.
  expr: [
    ...Object.entries(processors).map(
      ([service, processor]) => `label_replace(absent(${running(processor)}), "absent", "${service}", "", "")`,
    ),
    'label_replace(absent(moola_console_stale{environment="live"}), "absent", "console", "", "")',
  ].join('\nor '),
  for: '1m',
  summary: 'Nothing does the work of the service {{ $labels.absent }}.',
  description:
    'What it should read waits in its topic until an instance runs. No event is lost while the topic keeps it.',
  fires: {
    series: withoutBridge,
    at: '2m',
    alerts: [{ absent: 'bridge', environment: 'live', processor: 'bridge' }],
  },
  quiet: { series: all, at: '2m' },
};
