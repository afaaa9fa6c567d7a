import { DeliveryOutcome } from '@moola/contracts/gen/moola/v1/actions_pb';
import type { Signal } from '@moola/contracts/gen/moola/v1/signals_pb';
import { topics } from '@moola/contracts/topics';
import { count, instant, model, text } from '../../schema/columns.js';
import { keptByDefault, type RowTable } from '../../schema/table.js';
import type { Projection } from '../projection.js';

const outcomeName: Readonly<Record<DeliveryOutcome, string>> = {
  [DeliveryOutcome.UNSPECIFIED]: 'unknown',
  [DeliveryOutcome.DELIVERED]: 'delivered',
  [DeliveryOutcome.RETRYABLE]: 'retryable',
  [DeliveryOutcome.FAILED]: 'failed',
  [DeliveryOutcome.EXPIRED]: 'expired',
  [DeliveryOutcome.UNKNOWN]: 'unknown',
};

export const deliveriesTable: RowTable = {
  ...{ kind: 'rows', name: 'deliveries' },
  text: 'Attempts to notify people, one row each, and what came of them.',
  columns: [
    instant('time', 'When the answer came.'),
    text('notification', 'What was to be told.'),
    text('channelKind', 'slack, pagerduty, email, webhook or terminal.'),
    text('channelName', 'Which one.'),
    count('attempt', '1, 2, 3 … on this channel.'),
    model,
    text('incident', 'The incident; empty: it is about none.'),
    text('outcome', 'delivered, retryable, failed, expired or unknown.'),
    text('detail', 'What the peer said.'),
    instant('asked', 'When the attempt was asked for.'),
  ],
  key: ['notification', 'channelKind', 'channelName', 'attempt'],
  ...{ time: 'time', revised: 'replace', keptMs: keptByDefault.rows, mostRows: 1_000_000 },
};

/** What came of notifications. */
export const deliveries: Projection<Signal> = {
  ...{ name: 'deliveries', topic: topics.signals, tables: [deliveriesTable] },
  take({ atMs, model: name, kind }, sink) {
    if (kind.case !== 'receipt') return;
    const { notification, channelKind, channelName, attempt, incident, outcome, detail, intentAtMs } = kind.value;
    sink.row(deliveriesTable, {
      ...{ time: atMs, notification, channelKind, channelName, attempt, model: name, incident },
      ...{ outcome: outcomeName[outcome], detail, asked: intentAtMs },
    });
  },
};
