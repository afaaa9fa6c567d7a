import { describe, expect, it } from '@jest/globals';
import { RollbackAnswer, type IncidentEvent, type RollbackDecision } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { eventText } from '@moola/wording/event-text';
import { badRelease, ID, RULE } from '../../testing/bad-release.js';
import { clockOf, declared, IncidentStory, type Outcome } from '../../testing/incident-story.js';

type Decided = IncidentEvent & { kind: { case: 'decision'; value: RollbackDecision } };

function decisionsOf({ events }: Outcome): readonly Decided[] {
  return events.filter((event): event is Decided => event.kind.case === 'decision');
}

function lastOf(outcome: Outcome) {
  const last = decisionsOf(outcome).at(-1);
  if (last === undefined) throw new Error('nothing was decided');
  const { answer, to, reason } = last.kind.value;
  return { at: clockOf(last.atMs), answer: RollbackAnswer[answer], to, reason };
}

describe('a rollback rests on recent evidence only', () => {
  it('goes to no version whose gate has too few recent samples, better as it was', () => {
    const outcome = badRelease()
      .at('00:50')
      .budget('v0', 'unknown')
      .budget('v1', 'unknown')
      .compared('v1', 'v2', 'v2', '00:10', [0.2, 0.6])
      .at('01:25')
      .outcome();
    expect(outcome.actions).toEqual([]);
    expect(lastOf(outcome)).toEqual({
      at: '00:50',
      answer: 'HOLD',
      to: 'v1',
      reason: 'no recent samples of the candidate',
    });
    const note = outcome.notifications.find(({ title }) => title.includes('rollback held, v1 has no recent samples'));
    expect(note?.text).toContain('v1: fewer than 60 samples of accuracy');
  });

  it('goes to no version that has answered no input of late, however many it answered before', () => {
    const outcome = badRelease(declared('LSTM', { rollbackAutomatically: true }))
      .budget('v0', 'unknown')
      .compared('v1', 'v2', 'v2', '00:10', [-0.1, 0.6])
      .at('01:20')
      .budget('v1', 'within')
      .at('01:45')
      .outcome();
    expect(decisionsOf(outcome).map(({ atMs, kind }) => [clockOf(atMs), kind.value.reason])).toEqual([
      ['00:40', 'candidate out of budget as well: the data changed'],
      ['01:20', 'no evidence that the candidate is better'],
      ['01:40', 'no recent samples of the candidate'],
    ]);
    const [last] = decisionsOf(outcome).slice(-1);
    expect(last === undefined ? '' : eventText(last)).toContain('v1: no shadow traffic for 1 h');
  });

  it('goes to another version that answers now', () => {
    const outcome = badRelease()
      .at('00:55')
      .budget('v0', 'within')
      .budget('v1', 'unknown')
      .compared('v0', 'v2', 'v2', '00:10', [0.1, 0.7])
      .compared('v1', 'v2', 'v2', '00:10', [0.2, 0.8])
      .outcome();
    expect(outcome.actions[0]?.kind.value).toMatchObject({ from: 'v2', to: 'v0' });
  });

  it('is not blocked by another gate that is short of samples', () => {
    const story = badRelease().at('00:55').compared('v1', 'v2', 'v2', '00:10', [0.1, 0.7]);
    const outcome = story.gates('v1', { accuracy: 'within', recall: 'unknown' }).outcome();
    expect(lastOf(outcome)).toMatchObject({ at: '00:55', answer: 'ROLL_BACK', to: 'v1' });
  });

  it('is a mitigation where another gate of the candidate is out', () => {
    const story = badRelease().at('00:55').compared('v1', 'v2', 'v2', '00:10', [0.1, 0.7]);
    expect(lastOf(story.gates('v1', { accuracy: 'within', recall: 'out' }).outcome())).toMatchObject({
      answer: 'MITIGATE',
    });
  });

  it('ends when the gate that opened it holds again, whatever another is short of', () => {
    const { events } = badRelease()
      .at('00:50')
      .alert(RULE, 'v2', 'resolved')
      .at('00:52')
      .gates('v2', { accuracy: 'within', recall: 'unknown' })
      .outcome();
    const resolved = events.find(({ kind }) => kind.case === 'resolved');
    expect(resolved).toMatchObject({ incident: ID });
    expect(clockOf(resolved?.atMs ?? 0)).toBe('00:52');
  });
});

describe('a decision says which versions were looked at', () => {
  it('and what each lacks', () => {
    const outcome = new IncidentStory('LSTM', declared('LSTM'))
      .deployed('v5')
      .budget('v5', 'within')
      .at('00:05')
      .deployed('v6')
      .gates('v6', { accuracy: 'within' }, 'not proven', '21:40')
      .at('00:10')
      .deployed('v7')
      .budget('v5', 'unknown')
      .budget('v8', 'out', 'not proven')
      .at('00:40')
      .compared('v7', 'v8', 'v7', '00:10', [-0.5, -0.1])
      .budget('v7', 'out', 'not proven')
      .alert(RULE, 'v7', 'firing')
      .outcome();
    const [decided] = decisionsOf(outcome);
    expect(decided === undefined ? '' : eventText(decided)).toBe(
      'Rollback held, v7 goes on serving: v5 has no recent samples. ' +
        'v5: fewer than 60 samples of accuracy for 30 min; v6: not known good yet: 21 h more within budget needed; ' +
        'v8: has never served, but is better: v8 − v7 = +0.30 on 100 inputs that both answered ' +
        '(always-valid interval +0.10 to +0.50)',
    );
  });

  it.each<[bounds: readonly [number, number], compared: string]>([
    [[0.1, 0.5], ', but is better: v6 − v7 = +0.30 on 100 inputs'],
    [[-0.1, 0.5], '; so far better, not yet with confidence: v6 − v7 = +0.20 on 100 inputs'],
    [[-0.5, 0.1], '. The decision is reviewed'],
  ])('and how one that is not known good yet compares: %j', (bounds, compared) => {
    const { notifications } = new IncidentStory('LSTM', declared('LSTM'))
      .deployed('v6')
      .budget('v6', 'within', 'not proven')
      .at('00:10')
      .deployed('v7')
      .gates('v6', { accuracy: 'within' }, 'not proven', '02:10')
      .at('00:40')
      .compared('v6', 'v7', 'v7', '00:10', bounds)
      .alert(RULE, 'v7', 'firing')
      .outcome();
    expect(notifications[0]?.text).toContain(`v6: not known good yet: 1 h 30 min more within budget needed${compared}`);
  });

  it('where none may be rolled back to', () => {
    const outcome = new IncidentStory('LSTM', declared('LSTM'))
      .deployed('v6')
      .budget('v6', 'out', 'not proven')
      .at('00:10')
      .deployed('v7')
      .at('00:40')
      .alert(RULE, 'v7', 'firing')
      .outcome();
    expect(outcome.notifications[0]?.text).toContain(
      'Rollback held, no version can be rolled back to. v7 goes on serving. v6: not known good, and out of budget.',
    );
  });
});
