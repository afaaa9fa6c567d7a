import { describe, expect, it } from '@jest/globals';
import { eventText } from '@moola/wording/event-text';
import { badRelease, ID, RULE } from '../../testing/bad-release.js';
import { clockOf, type Outcome } from '../../testing/incident-story.js';

const NEXT = ID.replace(/1$/, '2');

describe('an incident that is resolved by hand while its alert fires', () => {
  const story = () => badRelease().at('00:50').resolves('ada', ID, 99, 'a known outage');

  it('says so, and when it is opened again', () => {
    const { events, notifications } = story().outcome();
    const resolved = events.find(({ kind }) => kind.case === 'resolved');
    expect(resolved === undefined ? '' : eventText(resolved)).toBe(
      'Resolved by ada (name self-declared): a known outage; the alert still fires, and opens it again ' +
        'at 2008-06-02 01:19:00 UTC if it does so on current data',
    );
    const message = notifications.find(({ eventAction }) => eventAction === 'resolve');
    expect(message?.title).toContain('resolved by ada (name self-declared) while its alert fires');
  });

  it('is opened again then, with what came before', () => {
    const { events, notifications } = story().at('01:30').outcome();
    const opened = events.filter(({ kind }) => kind.case === 'opened');
    expect(opened.map(({ incident, atMs }) => [incident, clockOf(atMs)])).toEqual([
      [ID, '00:40'],
      [NEXT, '01:19'],
    ]);
    expect(opened[1]?.kind.value).toMatchObject({
      reopens: ID,
      version: 'v2',
      breachAtMs: opened[0]?.kind.value && expect.any(Number),
    });
    expect(
      notifications.find(({ incident, eventAction }) => incident === NEXT && eventAction === 'trigger')?.text,
    ).toContain(`${ID} was resolved by hand, and the alert has fired ever since`);
  });

  it('stays resolved when the alert ends before, or another version serves', () => {
    const over = story().at('01:00').alert(RULE, 'v2', 'resolved').at('02:00').outcome();
    const replaced = story().at('01:00').deployed('v1').alert(RULE, 'v2', 'resolved').at('02:00').outcome();
    for (const { events } of [over, replaced])
      expect(events.filter(({ kind }) => kind.case === 'opened')).toHaveLength(1);
  });

  it('is opened by the alert alone when it fires anew before', () => {
    const { events } = story()
      .at('00:55')
      .alert(RULE, 'v2', 'resolved')
      .at('01:00')
      .alert(RULE, 'v2', 'firing')
      .at('02:00')
      .outcome();
    const opened = events.filter(({ kind }) => kind.case === 'opened');
    expect(opened.map(({ incident, kind }) => [incident, (kind.value as { reopens: string }).reopens])).toEqual([
      [ID, ''],
      [NEXT, ''],
    ]);
  });

  const openedIn = ({ events }: Outcome) =>
    events.flatMap(({ incident, atMs, kind }) =>
      kind.case === 'opened' ? [[incident, clockOf(atMs), kind.value.alert?.figure?.value]] : [],
    );
  const first = [ID, '00:40', 0.18];

  it('is not opened again on a figure that is no longer there', () => {
    const before = badRelease().at('00:45').alertFigure(RULE, 'v2', 'missing');
    const resolved = before.at('00:50').resolves('ada', ID, 99, 'no traffic').at('03:00').outcome();
    const after = story().at('01:00').alertFigure(RULE, 'v2', 'missing').at('03:00').outcome();
    for (const each of [resolved, after]) {
      expect(openedIn(each)).toEqual([first]);
      expect(each.notifications.filter(({ incident }) => incident === NEXT)).toEqual([]);
    }
  });

  it('is opened again once its condition holds anew, with the figure on which it does', () => {
    const waits = story().at('01:00').alertFigure(RULE, 'v2', 'missing');
    const returned = waits.at('01:40').alertFigure(RULE, 'v2', 'does not hold', 0.9).at('01:42');
    const again = returned.alertFigure(RULE, 'v2', 'holds', 0.25).at('03:00');
    expect(openedIn(again.outcome())).toEqual([first, [NEXT, '01:42', 0.25]]);
    expect(again.outcome(new Set(again.rows.keys())).emitted).toEqual(again.outcome().emitted);
  });

  it('is opened again when it is due, where the figure was missing only for a while before', () => {
    const short = story().at('01:00').alertFigure(RULE, 'v2', 'missing').at('01:05').alertFigure(RULE, 'v2', 'holds');
    expect(openedIn(short.at('02:00').outcome())).toEqual([first, [NEXT, '01:19', 0.18]]);
  });

  it('stays resolved when the figure that is there again ends the alert', () => {
    const waits = story().at('01:00').alertFigure(RULE, 'v2', 'missing');
    const returned = waits.at('01:40').alertFigure(RULE, 'v2', 'does not hold', 0.9);
    expect(openedIn(returned.at('01:45').alert(RULE, 'v2', 'resolved').at('03:00').outcome())).toEqual([first]);
  });

  it('is opened again whatever is missing of another version', () => {
    const other = story().at('01:00').alertFigure(RULE, 'v1', 'missing');
    expect(openedIn(other.at('02:00').outcome())).toEqual([first, [NEXT, '01:19', 0.18]]);
  });

  it('is the same after a restart before any row', () => {
    const rows = story().at('01:30');
    const plain = rows.outcome().emitted;
    expect(rows.outcome(new Set(rows.rows.keys())).emitted).toEqual(plain);
  });
});
