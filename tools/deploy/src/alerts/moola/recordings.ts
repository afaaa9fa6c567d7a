import type { Recording } from '../alert.js';

/** Sums that dashboards show and that are dear to compute over long spans. */
export const moolaRecordings: readonly Recording[] = [
  {
    record: 'environment_processor:moola_task_lag_records:sum',
    expr: 'sum by (environment, processor) (moola_task_lag_records)',
  },
  {
    record: 'environment_processor:moola_rows_applied:rate5m',
    expr: 'sum by (environment, processor) (rate(moola_rows_applied_total[5m]))',
  },
  {
    record: 'job_route:moola_http_requests:rate5m',
    expr: 'sum by (job, route, status) (rate(moola_http_requests_total[5m]))',
  },
  {
    record: 'job_instance:moola_event_loop_delay_seconds:p99_5m',
    expr: 'histogram_quantile(0.99, sum by (job, instance, le) (rate(moola_event_loop_delay_seconds_bucket[5m])))',
  },
];
