import { describe, expect, it } from '@jest/globals';
import { AlertVerdict } from '@moola/contracts/gen/moola/v1/signals_pb';
import { badRelease, ID } from '../../testing/bad-release.js';
import type { IncidentStory } from '../../testing/incident-story.js';

const { REAL, FALSE, UNSPECIFIED } = AlertVerdict;

const judged = (story: IncidentStory) =>
  story.outcome().events.flatMap(({ kind, incident }) => (kind.case === 'judged' ? [{ incident, ...kind.value }] : []));
const refusals = (story: IncidentStory) =>
  story.outcome().events.flatMap(({ kind }) => (kind.case === 'commandRefused' ? [kind.value.reason] : []));
const postMortem = (story: IncidentStory) =>
  story
    .outcome()
    .events.flatMap(({ kind }) => (kind.case === 'postMortem' ? [kind.value.markdown] : []))
    .at(-1) ?? '';

describe('a verdict on an incident', () => {
  it('is recorded once, however often its command comes, and a later one beside it', () => {
    const story = badRelease()
      .at('00:50')
      .judges('ada', ID, FALSE, 'labels were late')
      .judges('ada', ID, FALSE, 'labels were late')
      .at('00:52')
      .judges('eve', ID, REAL);
    expect(judged(story)).toMatchObject([
      { incident: ID, verdict: FALSE, note: 'labels were late', by: 'ada', authenticated: false },
      { incident: ID, verdict: REAL, note: '', by: 'eve' },
    ]);
    expect(refusals(story)).toEqual([]);
  });

  it('stands in the post-mortem, the last one in its head and each in its timeline', () => {
    const story = badRelease().at('00:50').judges('ada', ID, FALSE, 'labels | late').judges('eve', ID, REAL);
    const markdown = postMortem(story.resolves('eve', ID, 99, 'rolled back by hand').at('00:55'));
    expect(markdown).toContain('| Verdict | a real incident, says eve (name self-declared) |');
    expect(markdown).toMatch(/Verdict: a false alarm, says ada \(name self-declared\): labels .* late/);
  });

  it('is taken of a resolved incident, and neither pages anybody nor changes what others have seen', () => {
    const before = badRelease().at('00:50').resolves('eve', ID, 99, 'rolled back by hand').at('00:55');
    const told = before.outcome().notifications.length;
    const story = before.judges('ada', ID, FALSE);
    expect(judged(story)).toHaveLength(1);
    expect(story.outcome().notifications).toHaveLength(told);
    const open = badRelease().at('00:50').judges('ada', ID, FALSE).acknowledges('ada', ID, 4);
    expect(refusals(open)).toEqual([]);
  });

  it('is refused of an incident that there is not, and when it says nothing', () => {
    const story = badRelease().at('00:50').judges('ada', 'LSTM~Nothing~1', REAL).judges('ada', ID, UNSPECIFIED);
    expect(refusals(story)).toEqual([
      'there is no incident "LSTM~Nothing~1"; list them to see which there are',
      'a verdict is one of real, false and unclear',
    ]);
    expect(judged(story)).toEqual([]);
  });
});

describe('a report of a missed incident', () => {
  const now = () => badRelease().at('00:50').outcome().events.at(-1)?.atMs ?? 0;
  const hourMs = 3_600_000;

  it('is recorded once, of no incident', () => {
    const report = { fromMs: now() - hourMs, toMs: now() - 1000, rule: 'AccuracyDrop', note: 'a customer called' };
    const { events } = badRelease().at('00:50').reportsMissed('ada', report).reportsMissed('ada', report).outcome();
    const missed = events.filter(({ kind }) => kind.case === 'missedReported');
    expect(missed).toMatchObject([
      {
        ...{ incident: '', number: 0, model: 'LSTM' },
        kind: { value: { ...report, by: 'ada', command: 'missed', authenticated: false } },
      },
    ]);
  });

  it.each<[string, number, number]>([
    ['which is not after', -1000, -hourMs],
    ['which is not after', -1000, -1000],
    ['and now is', 24 * hourMs, 25 * hourMs],
  ])('is refused when its time makes no sense: %s', (reason, from, to) => {
    const report = { fromMs: now() + from, toMs: now() + to };
    const story = badRelease().at('00:50').reportsMissed('ada', report);
    expect(refusals(story)).toEqual([expect.stringContaining(reason)]);
  });
});
