import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { DefinitionSchema, type Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { RollbackAnswer } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { eventText } from '@moola/wording/event-text';
import { badRelease, RULE } from '../../testing/bad-release.js';
import { clockOf, declared, IncidentStory, type Outcome } from '../../testing/incident-story.js';

/** v1 served for too short a time to be known good before v2 was shipped and collapsed. */
const young = (definitions = declared('LSTM')) =>
  new IncidentStory('LSTM', definitions)
    .deployed('v1')
    .gates('v1', { accuracy: 'within' }, 'not proven', '02:00')
    .at('00:10')
    .deployed('v2')
    .at('00:40')
    .budget('v2', 'out', 'not proven')
    .alert(RULE, 'v2', 'firing');
const compared = (story: IncidentStory, at: string, bounds: readonly [number, number]) =>
  story.at(at).compared('v1', 'v2', 'v2', '00:10', bounds);

const decisions = ({ events }: Outcome) =>
  events.flatMap((event) =>
    event.kind.case === 'decision'
      ? [`${clockOf(event.atMs)} ${RollbackAnswer[event.kind.value.answer]} ${eventText(event)}`]
      : [],
  );

describe('a held decision is written again', () => {
  it('when a version that cannot be rolled back to becomes better with confidence: people are asked', () => {
    const story = compared(compared(young(), '00:50', [-0.1, 0.5]), '01:00', [0.02, 0.6]);
    const outcome = story.at('01:05').outcome();
    expect(decisions(outcome)).toEqual([
      expect.stringMatching(
        /^00:40 HOLD Rollback held, v2 goes on serving: no version can be rolled back to\. v1: not/,
      ),
      expect.stringMatching(
        /^01:00 HOLD Rollback still held, .*\. New: v1 is better than v2 with confidence\. v1: not known good yet: 1 h more/,
      ),
    ]);
    const asked = outcome.notifications.at(-1);
    expect(asked).toMatchObject({
      audience: 'team',
      eventAction: 'trigger',
      title: 'LSTM: v1 is better than v2 with confidence, traffic was not moved',
    });
    expect(asked?.text).toContain('v1: not known good yet: 1 h more within budget needed, but is better');
    expect(asked?.text).toContain('Move traffic by hand, or decide against it.');
  });

  it('once, however often the bound crosses 0', () => {
    let story = young();
    for (let minute = 45; minute < 60; minute++)
      story = compared(story, `00:${minute}`, minute % 2 ? [0.02, 0.6] : [-0.02, 0.6]);
    expect(decisions(story.at('01:05').outcome())).toHaveLength(2);
  });

  it('once a version, also when another one has become better in between', () => {
    const story = young().at('00:45').gates('v0', { accuracy: 'within' }, 'not proven');
    const say = (at: string, v0: number, v1: number) =>
      story.at(at).compared('v0', 'v2', 'v2', '00:10', [v0, 0.6]).compared('v1', 'v2', 'v2', '00:10', [v1, 0.6]);
    say('00:50', 0.02, -0.1);
    say('00:55', -0.02, 0.1);
    say('01:00', 0.03, 0.1);
    const texts = decisions(story.at('01:05').outcome());
    expect(texts.map((text) => text.slice(0, 5))).toEqual(['00:40', '00:50', '00:55']);
  });

  it('and the rollback is taken once that version is known good', () => {
    const story = compared(young(), '01:00', [0.02, 0.6]).at('02:00').budget('v1', 'within');
    const outcome = compared(story, '02:00', [0.05, 0.6]).at('02:05').outcome();
    expect(decisions(outcome).map((text) => text.slice(0, 15))).toEqual([
      '00:40 HOLD Roll',
      '01:00 HOLD Roll',
      '02:00 ROLL_BACK',
    ]);
    expect(outcome.actions[0]?.kind.value).toMatchObject({ from: 'v2', to: 'v1' });
  });

  it('when the candidate becomes worse with confidence', () => {
    const story = compared(compared(badRelease().budget('v1', 'within'), '00:50', [-0.5, 0.1]), '01:00', [-0.5, -0.1]);
    const texts = decisions(story.at('01:05').outcome());
    expect(texts).toHaveLength(3);
    expect(texts.at(-1)).toContain('New: v1 is worse than v2 with confidence');
  });

  it('when another version served in between', () => {
    const story = young().at('00:50').deployed('v3').alert(RULE, 'v3', 'firing').budget('v3', 'out', 'not proven');
    const outcome = story.at('01:00').deployed('v2').alert(RULE, 'v2', 'firing').at('01:05').outcome();
    expect(decisions(outcome).map((text) => text.slice(0, 10))).toEqual(['00:40 HOLD', '00:50 HOLD', '01:00 HOLD']);
  });
});

describe('a rollback that was left to a person', () => {
  const playbook = (rollbackAutomatically: boolean): Definition =>
    declared('LSTM', { rollbackAutomatically }).find(({ kind }) => kind.case === 'playbook') ??
    create(DefinitionSchema);

  it('is carried out once the playbook allows it, and asked for no second time before', () => {
    const advised = compared(badRelease(declared('LSTM', { rollbackAutomatically: false })), '01:00', [0.02, 0.6]);
    const before = compared(advised, '01:10', [0.03, 0.6]).at('01:20');
    expect(decisions(before.outcome())).toHaveLength(2);
    const outcome = before
      .defined(playbook(true))
      .compared('v1', 'v2', 'v2', '00:10', [0.04, 0.6])
      .at('01:30')
      .outcome();
    expect(outcome.actions).toHaveLength(1);
    expect(decisions(outcome)).toHaveLength(3);
  });
});
