import { describe, expect, it } from '@jest/globals';
import { deletionOf } from '@moola/contracts/definitions/in-force';
import { badRelease, RULE } from '../../testing/bad-release.js';
import { clockOf, declared, IncidentStory } from '../../testing/incident-story.js';

/** When and why the incidents of a story ended; the same after a restart before any row. */
function endings(story: IncidentStory): string[] {
  const told = (restartBefore?: ReadonlySet<number>) =>
    story
      .outcome(restartBefore)
      .events.flatMap(({ atMs, kind }) => (kind.case === 'resolved' ? [`${clockOf(atMs)} ${kind.value.reason}`] : []));
  for (let row = 0; row < story.rows.length; row += 7) expect(told(new Set([row]))).toEqual(told());
  return told();
}

/** An incident of a gate whose budget stays out. */
const open = (): IncidentStory =>
  new IncidentStory('LSTM', declared('LSTM'))
    .deployed('v1')
    .budget('v1', 'out')
    .at('00:10')
    .alert(RULE, 'v1', 'firing');

const ruleIsGone = `${RULE} is no longer defined, or another rule alerts in its place`;

describe('the incident of a rule', () => {
  it('goes on while its budget is out, though its alert is over', () => {
    expect(endings(open().at('00:20').alert(RULE, 'v1', 'resolved').at('01:00'))).toEqual([]);
  });

  it('that is removed ends with its alert, though the budget is out', () => {
    const story = open().at('00:20').alert(RULE, 'v1', 'resolved', { reason: 'rule removed' }).at('00:30');
    expect(endings(story)).toEqual([`00:20 ${ruleIsGone}`]);
  });

  it('that is deleted ends, though its alert had been over before', () => {
    const story = open().at('00:20').alert(RULE, 'v1', 'resolved').at('00:25');
    expect(endings(story.defined(deletionOf('rule', RULE)).at('00:30'))).toEqual([`00:25 ${ruleIsGone}`]);
    expect(endings(open().at('00:20').defined(deletionOf('rule', 'Other')).at('00:30'))).toEqual([]);
  });

  it('that came back opens another one', () => {
    const story = open().at('00:20').alert(RULE, 'v1', 'resolved', { reason: 'rule removed' }).at('00:30');
    const opened = story.alert(RULE, 'v1', 'firing').at('00:40').outcome().events;
    expect(opened.filter(({ kind }) => kind.case === 'opened').map(({ incident }) => incident)).toEqual([
      `LSTM~${RULE}~1`,
      `LSTM~${RULE}~2`,
    ]);
  });

  it('waits for the verification of its rollback', () => {
    const rolledBack = () => badRelease().at('00:50').compared('v1', 'v2', 'v2', '00:10', [0.02, 0.6]).at('01:00');
    expect(rolledBack().outcome().actions).toHaveLength(1);
    expect(endings(rolledBack().defined(deletionOf('rule', RULE)).at('01:10'))).toEqual([]);
    expect(endings(rolledBack().defined(deletionOf('model', 'LSTM')).at('01:10'))).toHaveLength(1);
  });
});

describe('the incidents of a model that is deleted', () => {
  it('end at the next tick, and those who had heard of them hear that they are over', () => {
    const story = open().at('00:20').defined(deletionOf('model', 'LSTM')).at('00:30');
    expect(endings(story)).toEqual(['00:20 the definition of LSTM was deleted: nothing watches it any more']);
    expect(story.outcome().notifications.map(({ eventAction }) => eventAction)).toContain('resolve');
  });
});
