import { describe, expect, it } from '@jest/globals';
import { deletionOf } from '@moola/contracts/definitions/in-force';
import { DeliveryOutcome } from '@moola/contracts/gen/moola/v1/actions_pb';
import { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { PlanStory } from '../../story/plan-story.js';

const slack = { kind: 'slack', name: 'team' };
const email = { kind: 'email', name: 'team' };
const pagerDuty = { kind: 'pagerduty', name: 'on-call' };
const { DELIVERED, FAILED, RETRYABLE } = DeliveryOutcome;
const busy = { retryAfterMs: 0 };

/** Restarts before every row must change nothing. */
function attemptsOf(story: PlanStory): string[] {
  const everywhere = new Set(story.rows.keys());
  expect(story.run({ restartBefore: everywhere })).toEqual(story.run());
  return story.attempts();
}

describe('plan', () => {
  it('tells every route that is for the audience, the model and the severity', () => {
    const story = new PlanStory()
      .route('chat', { channels: [slack] })
      .route('on-call', { channels: [pagerDuty], minimumSeverity: Severity.CRITICAL })
      .route('other', { channels: [email], model: 'other' })
      .route('boss', { channels: [email], audience: 'manager' })
      .notify('n1')
      .notify('n2', { severity: Severity.WARNING });
    expect(attemptsOf(story)).toEqual([
      '00:00 pagerduty/on-call 1 n1',
      '00:00 slack/team 1 n1',
      '00:00 slack/team 1 n2',
    ]);
  });

  it('tells nobody by a route that was deleted', () => {
    const story = new PlanStory()
      .route('chat', { channels: [slack] })
      .route('mail', { channels: [email] })
      .notify('n1');
    story.rows.push({ definition: deletionOf('route', 'chat') });
    expect(attemptsOf(story.notify('n2'))).toEqual([
      '00:00 email/team 1 n1',
      '00:00 slack/team 1 n1',
      '00:00 email/team 1 n2',
    ]);
  });

  it('retries with growing distance, and goes on to the next channel when a channel has had its attempts', () => {
    const story = new PlanStory()
      .route('chat', { channels: [slack, email] })
      .answer('slack/team', busy, busy, busy, busy)
      .notify('n1')
      .at('00:30');
    expect(attemptsOf(story)).toEqual([
      '00:00 slack/team 1 n1',
      '00:02 slack/team 2 n1',
      '00:06 slack/team 3 n1',
      '00:17 slack/team 4 n1',
      '00:17 email/team 1 n1',
    ]);
  });

  it('waits as long as a peer asks for, but not longer than is reasonable', () => {
    const story = new PlanStory()
      .route('chat', { channels: [slack, email] })
      .answer('slack/team', { retryAfterMs: 30_000 }, { retryAfterMs: 3_600_000 })
      .notify('n1')
      .at('01:00');
    expect(attemptsOf(story)).toEqual(['00:00 slack/team 1 n1', '00:30 slack/team 2 n1', '00:30 email/team 1 n1']);
  });

  it.each(['failed', 'expired', 'unknown'] as const)(
    'goes on to the next channel at once when one has %s',
    (answer) => {
      const story = new PlanStory()
        .route('chat', { channels: [slack, email] })
        .answer('slack/team', answer)
        .notify('n1');
      expect(attemptsOf(story)).toEqual(['00:00 slack/team 1 n1', '00:00 email/team 1 n1']);
    },
  );

  it('says at the terminal, as the last resort, which channels have failed and why', () => {
    const story = new PlanStory()
      .route('chat', { channels: [slack, email] })
      .answer('slack/team', 'failed')
      .answer('email/team', 'unknown')
      .notify('n1');
    expect(attemptsOf(story)).toEqual([
      '00:00 slack/team 1 n1',
      '00:00 email/team 1 n1',
      '00:00 terminal/last-resort 1 n1',
    ]);
    expect(story.intents()[2]?.text).toBe(
      'text of n1\n\nNot delivered by email/team (unknown; it may have arrived), slack/team (failed).',
    );
  });

  it('asks a channel once, however many routes fail over to it', () => {
    const story = new PlanStory()
      .route('chat', { channels: [slack, email] })
      .route('on-call', { channels: [pagerDuty, email] })
      .answer('slack/team', 'failed')
      .answer('pagerduty/on-call', 'failed')
      .notify('n1')
      .at('00:02');
    expect(attemptsOf(story)).toEqual([
      '00:00 pagerduty/on-call 1 n1',
      '00:00 slack/team 1 n1',
      '00:00 email/team 1 n1',
    ]);
  });

  it('counts the first receipt of the attempt that it asked for, and no other', () => {
    const receipt = { notification: 'n1', channelKind: 'slack', channelName: 'team' };
    const story = new PlanStory()
      .route('chat', { channels: [slack, email] })
      .answer('slack/team', busy, 'nothing')
      .notify('n1')
      .receipt({ ...receipt, attempt: 1, outcome: FAILED })
      .at('00:05')
      .receipt({ ...receipt, attempt: 1, outcome: FAILED })
      .receipt({ ...receipt, notification: 'nobody knows', attempt: 2, outcome: FAILED })
      .receipt({ ...receipt, attempt: 2, outcome: DELIVERED })
      .receipt({ ...receipt, attempt: 2, outcome: FAILED })
      .at('00:30');
    expect(attemptsOf(story)).toEqual(['00:00 slack/team 1 n1', '00:02 slack/team 2 n1']);
  });

  it('takes a notification once', () => {
    const story = new PlanStory()
      .route('chat', { channels: [slack] })
      .notify('n1')
      .at('00:01')
      .notify('n1');
    expect(attemptsOf(story)).toEqual(['00:00 slack/team 1 n1']);
  });

  it('sends what came within the group wait as one, by the most severe', () => {
    const story = new PlanStory()
      .route('chat', { channels: [slack], groupWaitMs: 5000 })
      .notify('n1', { severity: Severity.WARNING })
      .at('00:02')
      .notify('n2', { severity: Severity.INFO, eventAction: 'note' })
      .notify('other', { dedupKey: 'another incident' })
      .at('00:20');
    expect(attemptsOf(story)).toEqual(['00:05 slack/team 1 n2', '00:07 slack/team 1 other']);
    expect(story.intents()[0]).toMatchObject({
      severity: 'warning',
      eventAction: 'trigger',
      title: 'title of n2 (and 1 more)',
      text: 'title of n1\ntext of n1\n\ntitle of n2\ntext of n2',
    });
  });

  it('does not let an urgent notification wait for its group', () => {
    const story = new PlanStory()
      .route('chat', { channels: [slack], groupWaitMs: 60_000 })
      .route('on-call', { channels: [pagerDuty], minimumSeverity: Severity.CRITICAL })
      .notify('n1', { severity: Severity.WARNING })
      .at('00:01')
      .notify('n2')
      .at('02:00');
    expect(attemptsOf(story)).toEqual(['00:01 pagerduty/on-call 1 n2', '00:01 slack/team 1 n2']);
  });

  it('does not retry what an incident said before it was resolved', () => {
    const story = new PlanStory()
      .route('on-call', { channels: [pagerDuty, email] })
      .answer('pagerduty/on-call', busy, 'nothing')
      .notify('n1')
      .notify('n2', { eventAction: 'note' })
      .notify('n3', { eventAction: 'resolve' })
      .receipt({ notification: 'n2', channelKind: 'pagerduty', channelName: 'on-call', attempt: 1, outcome: RETRYABLE })
      .at('01:00');
    expect(attemptsOf(story)).toEqual([
      '00:00 pagerduty/on-call 1 n1',
      '00:00 pagerduty/on-call 1 n2',
      '00:00 pagerduty/on-call 1 n3',
    ]);
  });

  it('pages nobody with what is too old: the terminal says that it was not told', () => {
    const story = new PlanStory({ expiresAfterMs: 10_000 })
      .route('chat', { channels: [slack, email] })
      .answer('slack/team', { retryAfterMs: 60_000 })
      .notify('n1')
      .at('01:00');
    expect(attemptsOf(story)).toEqual(['00:00 slack/team 1 n1', '00:10 terminal/last-resort 1 n1']);
    expect(story.intents().map(({ expiresAfterMs }) => expiresAfterMs)).toEqual([10_000, 0]);
    expect(story.intents()[1]?.text).toContain('Not delivered by slack/team (busy; expired).');
  });

  it('tells by the default routes as long as none is declared', () => {
    const story = new PlanStory()
      .notify('info', { severity: Severity.INFO })
      .notify('warning', { severity: Severity.WARNING })
      .notify('critical', { severity: Severity.CRITICAL });
    expect(attemptsOf(story)).toEqual([
      '00:00 slack/team 1 info',
      '00:00 email/team 1 warning',
      '00:00 slack/team 1 warning',
      '00:00 email/team 1 critical',
      '00:00 pagerduty/on-call 1 critical',
      '00:00 slack/team 1 critical',
    ]);
  });

  it('tells the terminal where no route is for the audience, and nobody where routes are for worse only', () => {
    const story = new PlanStory()
      .route('chat', { channels: [slack], minimumSeverity: Severity.CRITICAL })
      .notify('mild', { severity: Severity.WARNING })
      .notify('up', { audience: 'executive' });
    expect(attemptsOf(story)).toEqual(['00:00 terminal/unrouted 1 up']);
  });

  it('passes ticks on to every partition, after what they caused', () => {
    const story = new PlanStory()
      .route('chat', { channels: [slack], groupWaitMs: 1000 })
      .notify('n1')
      .at('00:01');
    const atLastTick = story.run().filter(({ offset }) => offset === 3);
    expect(atLastTick.map(({ content, partition }) => [content.kind, partition])).toEqual([
      ['data', expect.any(Number)],
      ['tick', 'all'],
    ]);
  });

  it('forgets what is over', () => {
    const story = new PlanStory().route('chat', { channels: [slack] }).notify('n1');
    story.rows.push({ tick: Date.UTC(2026, 1, 1) });
    story.notify('n1');
    expect(attemptsOf(story)).toHaveLength(2);
  });
});
