import { describe, expect, it } from '@jest/globals';
import { RollbackAnswer, TargetFault } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { badRelease, ID, mitigated, RULE } from '../../testing/bad-release.js';
import { clockOf, type IncidentStory, type Outcome } from '../../testing/incident-story.js';

/** … and the effect is verified. */
function verified(): IncidentStory {
  return mitigated()
    .acknowledges('ada', ID, 99)
    .at('01:20')
    .compared('v1', 'v2', 'v1', '01:01', [0.1, 0.7])
    .at('01:21');
}

function faults({ events }: Outcome) {
  return events.flatMap(({ atMs, kind }) =>
    kind.case === 'targetFailing' ? [[clockOf(atMs), TargetFault[kind.value.fault], kind.value.obstacle]] : [],
  );
}

const escalated = ({ notifications }: Outcome) =>
  notifications.filter(({ audience }) => audience === 'manager').map(({ title }) => title);

describe('the version that a rollback put into service', () => {
  it.each([
    ['before its effect is seen', () => mitigated().at('01:21')],
    ['after it was verified', verified],
  ])('is called for once when it stops answering: %s', (_when, story) => {
    const outcome = story().at('01:35').budget('v1', 'unknown').at('02:20').outcome();
    expect(faults(outcome)).toEqual([['01:35', 'SILENT', '']]);
    expect(escalated(outcome)).toContain('LSTM: v1 has stopped answering since the rollback');
    expect(outcome.actions).toHaveLength(1);
    expect(outcome.events.map(({ kind }) => kind.case)).not.toContain('resolved');
  });

  it('has a window to gather samples in', () => {
    const late = badRelease()
      .at('01:00')
      .compared('v1', 'v2', 'v2', '00:10', [0.02, 0.6])
      .at('01:01')
      .result(ID, 1)
      .budget('v1', 'unknown')
      .deployed('v1', 'responder')
      .alert(RULE, 'v2', 'resolved');
    expect(faults(late.at('01:59').outcome())).toEqual([]);
    expect(faults(late.at('02:05').outcome())).toEqual([['02:01', 'SILENT', '']]);
  });

  it('is left again when it is worse, also after it was verified, and only once', () => {
    const undone = verified()
      .at('01:40')
      .compared('v1', 'v2', 'v1', '01:01', [-0.5, -0.1])
      .at('01:41')
      .result(ID, 2)
      .deployed('v2', 'responder')
      .at('01:50')
      .alert(RULE, 'v2', 'firing')
      .budget('v0', 'within')
      .compared('v0', 'v2', 'v2', '01:41', [0.2, 0.6])
      .at('01:55')
      .outcome();
    expect(undone.actions.map(({ kind }) => kind.value)).toMatchObject([
      { from: 'v2', to: 'v1' },
      { from: 'v1', to: 'v2' },
    ]);
    const last = undone.events.findLast(({ kind }) => kind.case === 'decision');
    expect(last?.kind.value).toMatchObject({ answer: RollbackAnswer.ROLL_BACK, to: 'v0' });
    expect(undone.events).toContainEqual(
      expect.objectContaining({
        kind: expect.objectContaining({
          case: 'notApplicable',
          value: expect.objectContaining({ reason: 'traffic was moved twice for this incident already' }),
        }),
      }),
    );
  });

  it('stays, and people are called, when it is worse than a version that no longer answers', () => {
    const outcome = mitigated()
      .at('01:30')
      .budget('v2', 'unknown', 'not proven')
      .compared('v1', 'v2', 'v1', '01:01', [-0.5, -0.1])
      .at('01:45')
      .outcome();
    expect(outcome.actions).toHaveLength(1);
    expect(faults(outcome)).toEqual([['01:30', 'WORSE', 'v2 has no recent samples']]);
    expect(escalated(outcome)).toContain('LSTM: rollback to v1 made it worse');
  });
});
