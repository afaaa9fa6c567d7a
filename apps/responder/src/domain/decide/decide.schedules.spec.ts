import { describe, expect, it } from '@jest/globals';
import { checkSchedules } from '@moola/streams/testing/schedules';
import { describeStateFormats } from '@moola/testing/state-formats';
import { ActionOutcome } from '@moola/contracts/gen/moola/v1/actions_pb';
import { AlertVerdict } from '@moola/contracts/gen/moola/v1/signals_pb';
import { declared, IncidentStory } from '../../testing/incident-story.js';
import { decide } from './decide.js';

const ID = 'LSTM~AccuracyDrop~1';

/**
 * Two models: one is rolled back twice over, the other only warned of; people and effects come in between.
 * @param people what else they say early on
 */
function longStory(people = (story: IncidentStory) => story): IncidentStory {
  const begun = new IncidentStory('LSTM', declared('LSTM'))
    .deployed('v1')
    .budget('v1', 'within')
    .at('00:03')
    .deployed('v2')
    .budget('v2', 'out', 'not proven')
    .budget('v0', 'unknown', 'not proven')
    .alert('Errors', 'v2', 'firing', { gate: 'watched' })
    .loses('v2', 0.12)
    .alert('AccuracyDrop', 'v2', 'firing')
    .alert('Latency', 'v2', 'firing', { gate: 'watched' })
    .at('00:05')
    .compared('v1', 'v2', 'v2', '00:03', [-0.1, 0.5])
    .receipt(ID, `${ID}/4/team`, 1)
    .resolves('bob', 'LSTM~Errors~1', 99, 'known already');
  return people(begun)
    .loses('v2', 0.2)
    .at('00:07')
    .budget('v1', 'out')
    .compared('v1', 'v2', 'v2', '00:03', [0.02, 0.6])
    .at('00:08')
    .result(ID, 1, ActionOutcome.DONE)
    .deployed('v1', 'responder')
    .alert('AccuracyDrop', 'v2', 'resolved')
    .loses('v1', 0.05)
    .acknowledges('ada', ID, 3)
    .at('00:12')
    .compared('v1', 'v2', 'v1', '00:08', [0.1, 0.7])
    .alert('Latency', 'v2', 'resolved', { gate: 'watched' })
    .resolves('bob', ID, 1, 'too early')
    .at('00:15')
    .budget('v1', 'within')
    .loses('v1', 0)
    .at('00:17')
    .alert('AccuracyDrop', 'v1', 'firing')
    .budget('v1', 'out')
    .at('00:20')
    .alert('AccuracyDrop', 'v1', 'resolved')
    .budget('v1', 'within')
    .at('00:25');
}

/** What people say of alerts. */
function judgedStory(story: IncidentStory): IncidentStory {
  return story
    .judges('ada', ID, AlertVerdict.UNCLEAR, 'not sure yet')
    .judges('bob', 'LSTM~Errors~1', AlertVerdict.FALSE)
    .reportsMissed('ada', { fromMs: 1, toMs: 2, rule: 'Errors' });
}

describeStateFormats({
  processor: decide({ actionsExpireAfterMs: 300_000 }),
  rows: longStory(judgedStory).rows.map((row) => ('data' in row ? { data: row.data } : row)),
  folder: new URL('./state-formats', import.meta.url),
});

describe('responder/decide', () => {
  it('gives the same rows under every schedule of faults', async () => {
    const report = await checkSchedules({
      processor: decide({ actionsExpireAfterMs: 300_000 }),
      input: longStory().rows,
      partitions: { signals: 1, incidents: 1, notifications: 3, actions: 2 },
      seeds: 50,
    });
    expect(report.counts.crashes).toBeGreaterThan(0);
  }, 300_000);

  it('gives the same verdicts under every schedule of faults', async () => {
    const begun = new IncidentStory('LSTM', declared('LSTM'))
      .deployed('v1')
      .at('00:03')
      .alert('Errors', 'v1', 'firing', { gate: 'watched' })
      .alert('AccuracyDrop', 'v1', 'firing', { gate: 'watched' })
      .at('00:05');
    const report = await checkSchedules({
      processor: decide({ actionsExpireAfterMs: 300_000 }),
      input: judgedStory(begun).at('00:07').rows,
      partitions: { signals: 1, incidents: 1, notifications: 3, actions: 2 },
      seeds: 50,
    });
    expect(report.counts.crashes).toBeGreaterThan(0);
  }, 300_000);
});
