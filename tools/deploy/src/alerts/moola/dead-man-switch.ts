import type { Alert } from '../alert.js';

export const deadManSwitch: Alert = {
  name: 'MoolaDeadManSwitch',
  severity: 'none',
  // Any process of Moola that is scraped.
  expr: 'max(moola_ready) == 1',
  for: '0s',
  summary: 'Prometheus sees Moola, and alerts get through: this one always fires.',
  description: 'Send it to a service that alerts when it stops hearing it, such as a heartbeat monitor.',
  fires: { series: { 'moola_ready{job="tracker", instance="a"}': '1x20' }, at: '3m', alerts: [{}] },
  quiet: { series: { 'moola_ready{job="tracker", instance="a"}': '0x20' }, at: '3m' },
};
