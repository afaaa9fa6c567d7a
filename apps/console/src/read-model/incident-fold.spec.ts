import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { IncidentEventSchema } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { incidentStory } from '../testing/incident-facts.js';
import { IncidentFold } from './incident-fold.js';
import { incidentView } from './incident-views.js';

const minute = 60_000;
const story = incidentStory(0);

/** The incident after its first events. */
function after(events: number): IncidentFold {
  const fold = new IncidentFold(story[0] as (typeof story)[number]);
  for (const event of story.slice(0, events)) fold.take(event);
  return fold;
}

describe('an incident', () => {
  it('that has just opened says on what, why and since when', () => {
    expect(after(2).summaryView(0)).toEqual({
      ...{ id: 'Fraud~AccuracyDrop~1', model: 'Fraud', rule: 'AccuracyDrop', version: 'v2' },
      ...{ subject: null, segment: null },
      ...{ title: 'Accuracy 18 %, limit 80 %, v2', severity: 'critical', gate: true, tier: 'alert and scale' },
      ...{ description: '', labels: {} },
      ...{ summary: 'Accuracy is below the budget', runbook: 'https://wiki.example.org/accuracy', url: '' },
      ...{
        state: 'open',
        acknowledgedBy: '',
        acknowledgedByAuthenticated: false,
        openedAtMs: 0,
        breachAtMs: -5 * minute,
        resolvedAtMs: null,
      },
      ...{
        verdict: null,
        decision: null,
        costUsd: 0,
        usdPerMinute: 0,
        number: 2,
        hasPostMortem: false,
        noDataSinceMs: null,
      },
    });
  });

  it('that an older version opened under its rule’s name alone takes its headline from the alert that follows', () => {
    const at = { incident: 'm~Drop~1', model: 'm', atMs: 0 };
    const opened = create(IncidentEventSchema, {
      ...{ ...at, number: 1 },
      kind: { case: 'opened', value: { rule: 'Drop', version: 'v2', title: 'Drop' } },
    });
    const figure = { metric: 'accuracy', value: 0.18, samples: 180 };
    const alert = create(IncidentEventSchema, {
      ...{ ...at, number: 2 },
      kind: { case: 'alert', value: { rule: 'Drop', version: 'v2', to: AlertState.FIRING, limit: 0.8, figure } },
    });
    const fold = new IncidentFold(opened);
    fold.take(opened);
    fold.take(alert);
    expect(fold.summaryView(null).title).toBe('Accuracy 18 %, limit 80 %, v2');
  });

  it('costs more as the clock of its environment goes on, from the last price on', () => {
    const priced = after(4);
    const costs = [null, minute, 3 * minute, 0].map((clockMs) => priced.summaryView(clockMs).costUsd);
    expect(costs).toEqual([0.1, 0.1, 1.1, 0.1]);
  });

  it('keeps prices out of its timeline, but counts their numbers', () => {
    const { timeline, number } = after(4).view(null);
    expect([timeline.map((entry) => entry.number), number]).toEqual([[1, 2, 3], 4]);
  });

  it.each([
    [3, 'hold', 'none', ''],
    [6, 'mitigate', 'awaited', ''],
    [9, 'mitigate', 'verified', 'v1 − v2 = +0.56'],
  ])('after event %i tells the newest decision and what came of it', (events, answer, effect, evidence) => {
    expect(after(events).summaryView(null).decision).toMatchObject({ answer, effect, evidence, from: 'v2', to: 'v1' });
  });

  it('that is acknowledged stays so through other events, and says by whom', () => {
    expect(after(8).summaryView(null)).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'maria' });
  });

  it('that is resolved costs what it has cost in the end, whatever the clock says', () => {
    const resolved = after(11);
    expect(resolved.summaryView(10_000 * minute)).toMatchObject({
      ...{ state: 'resolved', resolvedAtMs: 61 * minute, costUsd: 12.5, usdPerMinute: 0, hasPostMortem: true },
      ...{ tier: 'emergency', severity: 'critical' },
    });
    expect([resolved.isOpen, resolved.markdown]).toEqual([false, '# Accuracy was low\n']);
  });

  it('costs nobody knows how much where nobody declared what an answer is worth', () => {
    const unknown = story.map(({ kind, ...event }) => ({
      ...event,
      kind:
        kind.case === 'opened' || kind.case === 'resolved'
          ? { ...kind, value: { ...kind.value, costUnknown: true } }
          : kind,
    })) as typeof story;
    const fold = new IncidentFold(unknown[0] as (typeof story)[number]);
    for (const event of unknown.filter(({ kind }) => kind.case !== 'priced')) {
      fold.take(event);
      expect(fold.summaryView(10 * minute).costUsd).toBeNull();
    }
    expect(incidentView.parse(fold.view(0))).toEqual(fold.view(0));
  });

  it('is at every step what the API says it answers', () => {
    for (let events = 1; events <= story.length; events++)
      expect(incidentView.parse(after(events).view(0))).toEqual(after(events).view(0));
  });
});
