import { describe, expect, it } from '@jest/globals';
import { quickSettings } from '../story/quick-reference.js';
import { storyNowMs } from '../story/random-events.js';
import { Receiver } from './receiver.js';

const prediction = (time: string) => ({ model: 'churn', version: 'v1', input: 'i1', time });
const outcome = { model: 'churn', input: 'i1', truth: '1', knownAt: '2026-03-01T11:59:59Z' };
const receive = (event: unknown) =>
  new Receiver({ ...quickSettings, unknownFields: 'refused' }).json(event, '', storyNowMs);

describe('the time of an event in JSON', () => {
  it.each([
    ['2026-03-01T11:59:59Z', 0],
    ['2026-03-01T12:59:59.250+01:00', 250],
    ['2026-03-01 11:59:59Z', 0],
  ])('%s is taken, by either reader', (time, ms) => {
    for (const extra of [{}, { experiment_arm: 'a' }]) {
      const received = receive({ prediction: { ...prediction(time), ...extra } });
      if (!received.accepted || received.row.kind !== 'prediction') throw new Error(JSON.stringify(received));
      expect(received.row.timeMs).toBe(Date.UTC(2026, 2, 1, 11, 59, 59, ms));
    }
  });

  it.each([
    ['2026-03-01T11:59:59', 'has no time zone: write 2026-01-31T12:00:00Z for UTC, or 2026-01-31T12:00:00+01:00'],
    ['2026-02-30T10:00:00Z', 'names a day or an hour that does not exist'],
    ['2026-02-30T10:00:00+01:00', 'names a day or an hour that does not exist'],
    ['01/02/2026', 'may begin with the day or with the month, and is not guessed: write 2026-01-31T12:00:00Z'],
    ['12', 'is no time such as 2026-01-31T12:00:00Z'],
    ['2026-03-01', 'is a day without a time: write 2026-01-31T12:00:00Z'],
  ])('%s is refused, with its field, wherever it stands', (time, detail) => {
    const refused = (field: string) => ({ accepted: false, refused: { reason: 'invalid-field', field, detail } });
    expect(receive({ prediction: prediction(time) })).toMatchObject(refused('prediction.time'));
    expect(receive({ outcome: { ...outcome, knownAt: time } })).toMatchObject(refused('outcome.knownAt'));
    expect(receive({ outcome: { ...outcome, known_at: time, knownAt: undefined } })).toMatchObject(
      refused('outcome.knownAt'),
    );
    expect(receive({ outcome: { ...outcome, prediction: prediction(time) } })).toMatchObject(
      refused('outcome.prediction.time'),
    );
    expect(receive({ deployment: { model: 'churn', version: 'v1', time } })).toMatchObject(refused('deployment.time'));
  });
});
