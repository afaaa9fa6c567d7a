import type { Alert } from '../alert.js';

const delay = (values: string) => ({
  'moola_task_watermark_delay_seconds{environment="live", processor="responder/decide", partition="0", job="responder"}':
    values,
});

export const timeStandsStill: Alert = {
  name: 'MoolaTimeStandsStill',
  severity: 'critical',
  expr: 'max by (environment, processor) (moola_task_watermark_delay_seconds) > 30',
  for: '2m',
  summary: 'The time of {{ $labels.processor }} in {{ $labels.environment }} stands still: ticks do not arrive.',
  description:
    'Its time is {{ $value | humanizeDuration }} behind. Rules with "for", deadlines and escalations wait for it. The first processor on the way from intake that is behind is the one to look at.',
  fires: {
    series: delay('0 0 15+15x20'),
    at: '6m',
    alerts: [{ environment: 'live', processor: 'responder/decide' }],
    value: '5m 15s',
  },
  // A takeover by another instance.
  quiet: { series: delay('0 0 20 35 50 0 1 0 1 0 1 0 1 0 1 0 1'), at: '4m' },
};
