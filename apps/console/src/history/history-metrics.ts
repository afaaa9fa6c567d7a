import type { Metrics } from '@moola/platform/metrics/metrics';
import type { Histories } from './histories.js';

/** How the history of each environment is. */
export class HistoryMetrics {
  constructor(metrics: Metrics, histories: Histories) {
    const labels = ['environment'] as const;
    const each = (value: (history: ReturnType<Histories['all']>[number]) => number) => () =>
      histories.all().map((history) => ({ labels: { environment: history.environment }, value: value(history) }));
    metrics.watched({
      name: 'moola_history_open',
      help: '1 while history is written and answers, 0 while it stands still: readiness says why.',
      ...{ labels, values: each(({ state }) => (state.open ? 1 : 0)) },
    });
    metrics.watched({
      name: 'moola_history_lag_records',
      help: 'Records of facts that history has not taken in.',
      ...{ labels, values: each(({ behind }) => behind) },
    });
    metrics.watched({
      name: 'moola_history_bytes',
      help: 'Size of the file of history, measured each hour.',
      ...{ labels, values: each(({ size }) => size?.bytes ?? 0) },
    });
    metrics.watched({
      name: 'moola_history_rows',
      help: 'Rows of each table of history, counted each hour.',
      labels: ['environment', 'table'] as const,
      values: () =>
        histories
          .all()
          .flatMap(({ environment, size }) =>
            (size?.tables ?? []).map(({ table, rows }) => ({ labels: { environment, table }, value: rows })),
          ),
    });
    metrics.watched({
      name: 'moola_history_rows_written',
      help: 'Rows that history has written since the start.',
      ...{ labels, values: each(({ rowsWritten }) => rowsWritten) },
    });
    metrics.watched({
      name: 'moola_history_rows_too_late',
      help: 'Rows since the start that came when their time was forgotten already.',
      ...{ labels, values: each(({ tooLate }) => tooLate) },
    });
  }
}
