import { describe, expect, it } from '@jest/globals';
import { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { eventText } from '@moola/wording/event-text';
import { courseOf, declared, IncidentStory } from '../../testing/incident-story.js';

const rule = 'PretrainingOOM';
const story = () => new IncidentStory('Fraud', declared('Fraud')).at('00:10');
const first = `Fraud~${rule}~1`;

describe('an incident about a training job', () => {
  it('opens whatever serves, and names the job', () => {
    const { events, notifications } = story().jobAlert(rule, 'fit-7', 'firing').at('00:12').outcome();
    expect(courseOf(events)).toEqual(['00:10 opened', '00:10 alert', '00:10 tier']);
    expect(notifications[0]).toMatchObject({
      incident: first,
      title: 'CRITICAL Fraud: Time until out of memory 12 min, limit 30 min, job fit-7, since 00:10 UTC',
      text: `Time until out of memory 12 min, limit 30 min on job fit-7 of model Fraud, since 2008-06-02 00:10:00 UTC. Incident ${first}.`,
    });
    expect(events.slice(0, 2).map(eventText)).toEqual([
      'Opened as CRITICAL: Time until out of memory 12 min, limit 30 min, job fit-7; the condition first held at 2008-06-02 00:10:00 UTC',
      'PretrainingOOM fires on job fit-7: Time until out of memory 12 min, limit 30 min, since 2008-06-02 00:10:00 UTC',
    ]);
  });

  it('is one of its own for each job, and over when the alert on that job is', () => {
    const { events } = story()
      .jobAlert(rule, 'fit-7', 'firing')
      .at('00:11')
      .jobAlert(rule, 'fit-8', 'firing')
      .at('00:20')
      .jobAlert(rule, 'fit-8', 'resolved')
      .at('00:25')
      .jobAlert(rule, 'fit-8', 'firing')
      .at('00:30')
      .jobAlert(rule, 'fit-7', 'resolved', { reason: 'ended' })
      .at('00:40')
      .outcome();
    const told = events.flatMap(({ incident, kind }) =>
      kind.case === 'opened' || kind.case === 'resolved' ? [`${incident} ${kind.case}`] : [],
    );
    expect(told).toEqual([
      `Fraud~${rule}~1 opened`,
      `Fraud~${rule}~2 opened`,
      `Fraud~${rule}~2 resolved`,
      `Fraud~${rule}~3 opened`,
      `Fraud~${rule}~1 resolved`,
    ]);
    const over = events.filter(({ incident, kind }) => incident === first && kind.case === 'alert').at(-1)!;
    expect(eventText(over)).toBe(
      'PretrainingOOM is over on job fit-7: ended, Time until out of memory 12 min, limit 30 min',
    );
  });

  it('has nothing to do with what serves: a deployment is not part of it, and no rollback is considered', () => {
    const { events, actions } = story()
      .deployed('v1')
      .jobAlert(rule, 'fit-7', 'firing')
      .at('00:20')
      .deployed('v2')
      .at('00:30')
      .jobAlert(rule, 'fit-7', 'resolved')
      .at('00:40')
      .outcome();
    expect(courseOf(events)).toEqual([
      ...['00:10 opened', '00:10 alert', '00:10 tier', '00:30 alert', '00:30 resolved', '00:30 postMortem'],
    ]);
    expect(actions).toEqual([]);
    const postMortem = events.find(({ kind }) => kind.case === 'postMortem')?.kind;
    if (postMortem?.case !== 'postMortem') throw new Error('no post-mortem');
    expect(postMortem.value.rootCauseTechnical).toBe(
      'Not established: the figures say what happened, not why. First seen as Time until out of memory 12 min, limit 30 min on job fit-7.',
    );
    expect(postMortem.value.businessImpact).toMatch(
      /^Not priced: only answers of models are priced\. 20 min from breach/,
    );
    expect(postMortem.value.title).toContain('job fit-7');
    expect(postMortem.value.markdown).toContain('Find out why PretrainingOOM fired on job fit-7');
    expect(postMortem.value.markdown).not.toContain(' on  ');
  });

  it('knows the worst figure that its alert came with, also as it rose', () => {
    const { events } = story()
      .jobAlert(rule, 'fit-7', 'firing', { severity: Severity.WARNING })
      .at('00:12')
      .jobAlert(rule, 'fit-8', 'firing', { value: 1 })
      .at('00:15')
      .jobAlert(rule, 'fit-7', 'firing', { value: 4 })
      .at('00:30')
      .jobAlert(rule, 'fit-7', 'resolved', { value: 45 })
      .at('00:40')
      .outcome();
    const postMortem = events.find(({ kind }) => kind.case === 'postMortem')?.kind;
    if (postMortem?.case !== 'postMortem') throw new Error('no post-mortem');
    expect(postMortem.value.markdown).toContain(
      '| Worst figure | Time until out of memory 4 min (limit 30 min, n = 30), 2008-06-02 00:15:00 UTC |',
    );
  });

  it('is opened again when a person resolves it while its alert fires', () => {
    const { events } = story()
      .jobAlert(rule, 'fit-7', 'firing')
      .at('00:20')
      .resolves('ada', first, 99, 'known')
      .at('02:00')
      .outcome();
    const opened = events.flatMap(({ incident, kind }) =>
      kind.case === 'opened' ? [[incident, kind.value.reopens]] : [],
    );
    expect(opened).toEqual([
      [first, ''],
      [`Fraud~${rule}~2`, first],
    ]);
  });

  it('leaves nothing behind of jobs whose alerts are over', () => {
    const saved = new Map<string, Uint8Array>();
    const many = story();
    for (let i = 0; i < 50; i++) many.jobAlert(rule, `fit-${i}`, 'firing').jobAlert(rule, `fit-${i}`, 'resolved');
    many.at('00:20').save(saved);
    const text = [...saved].filter(([key]) => key.startsWith('model/') || key.startsWith('alert/'));
    expect(text.map(([key]) => key)).toEqual(['model/Fraud']);
    expect(new TextDecoder().decode(text[0]![1])).not.toContain('fit-');
  });

  it('goes the same way after restarts', () => {
    const told = story().jobAlert(rule, 'fit-7', 'firing').at('00:20').jobAlert(rule, 'fit-7', 'resolved').at('00:30');
    const rows = new Set(told.rows.keys());
    expect(told.outcome(rows).emitted).toEqual(told.outcome().emitted);
  });
});
