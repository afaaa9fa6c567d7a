import { expect, it } from '@jest/globals';
import { checkSchedules } from '@moola/streams/testing/schedules';
import { describeStateFormats } from '@moola/testing/state-formats';
import type { ScheduleRow } from '@moola/streams/adapters/simulated/schedule-rows';
import type { Notification } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { PlanStory } from '../../story/plan-story.js';
import { plan } from './plan.js';

const options = { expiresAfterMs: 30_000 };

/** Retries, failovers, groups, a resolution, an expiry, and receipts, which come without a position. */
function story(): PlanStory {
  const busy = { retryAfterMs: 0 };
  return new PlanStory(options)
    .route('chat', {
      channels: [
        { kind: 'slack', name: 'team' },
        { kind: 'email', name: 'team' },
      ],
      groupWaitMs: 2000,
    })
    .route('on-call', { channels: [{ kind: 'pagerduty', name: 'on-call' }], minimumSeverity: 3 })
    .answer('slack/team', busy, 'failed', busy, 'unknown', busy, busy, busy, busy)
    .answer('pagerduty/on-call', busy, 'delivered', busy, { retryAfterMs: 60_000 })
    .answer('email/team', 'failed')
    .notify('n1')
    .notify('n2', { severity: 2, eventAction: 'note' })
    .at('00:03')
    .notify('n3', { severity: 2, dedupKey: 'another' })
    .at('00:08')
    .notify('n4')
    .notify('n5', { eventAction: 'resolve' })
    .notify('n6', { dedupKey: 'a third' })
    .notify('n7', { audience: 'executive' })
    .at('00:50');
}

describeStateFormats({
  processor: plan(options),
  rows: story().rows,
  folder: new URL('./state-formats', import.meta.url),
});

it('plan gives the same rows under every schedule', async () => {
  const { rows } = story();
  const input = rows.map((row): ScheduleRow<Notification> => {
    if ('tick' in row) return { tick: row.tick };
    if ('definition' in row) return { definition: row.definition };
    const isReceipt = row.data.kind.case === 'receipt';
    return isReceipt ? { data: row.data, source: { processor: '', partition: 0 } } : { data: row.data };
  });
  const report = await checkSchedules({ processor: plan(options), input, seeds: 60 });
  expect(report.schedules).toBeGreaterThanOrEqual(50);
  expect(report.counts.crashes).toBeGreaterThan(0);
  expect(report.counts.rowsPublishedAgain).toBeGreaterThan(0);
}, 300_000);
