import { countedWithin, orNone } from '../alerts/grown.js';
import type { Board } from './board.js';
import { bad, lines, stat, step } from './panels.js';

const byProcessor = '{{environment}} {{processor}}';

/** Moola itself. */
export const system: Board = {
  name: 'system',
  title: 'system',
  description:
    'Moola itself: does it run, stall, lose something, and how much does it do. docs/metrics.md has each metric.',
  variables: [],
  rows: {
    Now: [
      stat(
        { title: 'Processes', description: 'That Prometheus scrapes.', ...{ unit: 'short', span: 4 } },
        { expr: 'count(moola_ready)', legend: 'processes' },
      ),
      stat(
        { title: 'Not ready', description: '/readyz says why.', ...{ unit: 'short', span: 4 } },
        { expr: 'count(moola_ready == 0) or on () vector(0)', legend: 'not ready' },
        bad,
      ),
      stat(
        { title: 'Lag', description: 'Records that tasks have not read.', ...{ unit: 'short', span: 4 } },
        { expr: 'sum(environment_processor:moola_task_lag_records:sum)', legend: 'records' },
        [step('green', null), step('orange', 100), step('red', 10_000)],
      ),
      stat(
        {
          title: 'Time behind',
          description: 'The task that is furthest behind the wall clock. Not of replays.',
          ...{ unit: 's', span: 4 },
        },
        { expr: 'max(moola_task_watermark_delay_seconds)', legend: 'behind' },
        [step('green', null), step('orange', 5), step('red', 30)],
      ),
      stat(
        {
          title: 'Oldest unsaved record',
          description: 'No checkpoint holds it. Above 120 s the store does not take what it is given.',
          ...{ unit: 's', span: 4 },
        },
        { expr: 'max(moola_task_checkpoint_age_seconds)', legend: 'age' },
        [step('green', null), step('orange', 60), step('red', 120)],
      ),
      stat(
        { title: 'Dead letters, 24 h', description: 'Events that could not be used.', ...{ unit: 'short', span: 4 } },
        { expr: `${countedWithin('moola_dead_letters_total', '24h', [])} or on () vector(0)`, legend: 'dead letters' },
        [step('green', null), step('orange', 1)],
      ),
    ],
    'Does it stall?': [
      lines(
        { title: 'Lag', description: 'Records that tasks have not read.', ...{ unit: 'short', span: 12 } },
        [{ expr: 'environment_processor:moola_task_lag_records:sum', legend: byProcessor }],
        'right',
      ),
      lines(
        {
          title: 'Time behind the wall clock',
          description: 'The first processor on the way from intake that is behind is the one to look at.',
          ...{ unit: 's', span: 12 },
        },
        [
          {
            expr: 'max by (environment, processor) (moola_task_watermark_delay_seconds)',
            legend: byProcessor,
          },
        ],
        'right',
      ),
      lines(
        {
          title: 'Oldest unsaved record',
          description: 'A task saves about once a second, at most a minute apart.',
          ...{ unit: 's', span: 12 },
        },
        [{ expr: 'max by (environment, processor) (moola_task_checkpoint_age_seconds)', legend: byProcessor }],
        'right',
      ),
      lines(
        {
          title: 'Tasks that wait, connections that are down',
          description: 'For Kafka or Redis. In `moola up` there are no connections.',
          ...{ unit: 'short', span: 12 },
        },
        [
          { expr: 'sum by (environment) (moola_task_waiting)', legend: 'waiting {{environment}}' },
          { expr: 'count by (server) (moola_connection_up == 0)', legend: '{{server}} is down' },
        ],
      ),
    ],
    'Does it lose or refuse something?': [
      lines(
        { title: 'Dead letters', description: 'An hour back, by origin and reason.', ...{ unit: 'short', span: 12 } },
        [
          {
            expr: orNone(countedWithin('moola_dead_letters_total', '1h', ['origin', 'reason']), 'reason'),
            legend: '{{origin}} {{reason}}',
          },
        ],
      ),
      lines(
        {
          title: 'Notices of tasks, refusals of requests',
          description: 'An hour back. What each kind of notice means: docs/distributed.md.',
          ...{ unit: 'short', span: 12 },
        },
        [
          {
            expr: orNone(countedWithin('moola_task_notices_total', '1h', ['processor', 'kind']), 'kind'),
            legend: 'notice {{processor}} {{kind}}',
          },
          {
            expr: orNone(countedWithin('moola_http_refusals_total', '1h', ['reason']), 'reason'),
            legend: 'refusal {{reason}}',
          },
        ],
      ),
    ],
    'How much does it do?': [
      lines(
        { title: 'Rows a second', description: 'Applied, by processor.', ...{ unit: 'rowsps', span: 12 } },
        [{ expr: 'environment_processor:moola_rows_applied:rate5m', legend: byProcessor }],
        'right',
      ),
      lines(
        {
          title: 'HTTP requests a second',
          description: 'By route and status.',
          ...{ unit: 'reqps', span: 12 },
        },
        [{ expr: 'sum by (route, status) (job_route:moola_http_requests:rate5m)', legend: '{{route}} {{status}}' }],
        'right',
      ),
      lines(
        {
          title: 'HTTP P95',
          description: 'By route. /api/v1/changes lasts as long as its page is open.',
          ...{ unit: 's', span: 12 },
        },
        [
          {
            expr: 'histogram_quantile(0.95, sum by (route, le) (rate(moola_http_request_duration_seconds_bucket{route!="/api/v1/changes"}[5m])))',
            legend: '{{route}}',
          },
        ],
        'right',
      ),
      lines(
        { title: 'Checkpoint P95', description: 'How long one takes.', ...{ unit: 's', span: 12 } },
        [
          {
            expr: 'histogram_quantile(0.95, sum by (processor, le) (rate(moola_checkpoint_duration_seconds_bucket[5m])))',
            legend: '{{processor}}',
          },
        ],
        'right',
      ),
    ],
    Processes: [
      lines(
        {
          title: 'Event-loop delay, P99',
          description: 'How late timers come. Above 0.25 s for minutes the process has too much to do.',
          ...{ unit: 's', span: 8 },
        },
        [{ expr: 'job_instance:moola_event_loop_delay_seconds:p99_5m', legend: '{{job}} {{instance}}' }],
      ),
      lines({ title: 'CPU', description: 'Cores in use.', ...{ unit: 'short', span: 8 } }, [
        {
          expr: 'sum by (job, instance) (rate(process_cpu_seconds_total{job!=""}[5m]) and on (job, instance) moola_ready)',
          legend: '{{job}} {{instance}}',
        },
      ]),
      lines({ title: 'Memory', description: 'Resident.', ...{ unit: 'bytes', span: 8 } }, [
        {
          expr: 'process_resident_memory_bytes and on (job, instance) moola_ready',
          legend: '{{job}} {{instance}}',
        },
      ]),
    ],
  },
};
