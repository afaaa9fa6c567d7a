import { describe, expect, it } from '@jest/globals';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { PredictionRow } from '@moola/contracts/rows';
import { quickSettings } from '../story/quick-reference.js';
import { storyNowMs } from '../story/random-events.js';
import { Receiver } from './receiver.js';

const time = '2026-03-01T11:59:59Z';
const prediction = { model: 'churn', version: 'v1', input: 'i1', time, class: '1' };
const outcome = { model: 'churn', input: 'i1', truth: '1', knownAt: time };
const settings = { ...quickSettings, replaceIdentifier: null };
const receive = (event: unknown) => new Receiver({ ...settings, unknownFields: 'refused' }).json(event, '', storyNowMs);

/** What is said of a prediction with these fields. */
function refusal(over: object): string {
  const received = receive({ prediction: { ...prediction, ...over } });
  return received.accepted ? 'accepted' : `${received.refused.field} ${received.refused.detail}`;
}

function row(over: object): PredictionRow {
  const received = receive({ prediction: { ...prediction, ...over } });
  if (!received.accepted || received.row.kind !== 'prediction') throw new Error(JSON.stringify(received));
  return received.row;
}

describe('an event in JSON', () => {
  it.each([
    ['primary', Role.PRIMARY],
    ['Shadow', Role.SHADOW],
    ['ROLE_CANARY', Role.CANARY],
    [3, Role.CANARY],
  ])('may name its role %s', (role, expected) => expect(row({ role }).role).toBe(expected));

  it('may write classes, versions and inputs as whole numbers', () => {
    expect(row({ class: 1, version: 7, input: 42, segments: { floor: 3 } })).toMatchObject({
      ...{ class: '1', version: '7', input: '42', segments: { floor: '3' } },
    });
    const received = receive({ outcome: { ...outcome, truth: 0 } });
    expect(received).toMatchObject({ accepted: true, row: { event: { kind: { value: { truth: '0' } } } } });
  });

  it.each<[object, string]>([
    [{ role: 'primry' }, 'prediction.role is "primry": known are primary, shadow, canary, such as "primary"'],
    [{ role: 9 }, 'prediction.role is 9, which means nothing here: known are primary, shadow, canary'],
    [{ class: 0.5 }, 'prediction.class is a number: write it as text in quotes, such as "1"'],
    [{ class: true }, 'prediction.class is true: write it as text in quotes, such as "1"'],
    [{ input: 2 ** 60 }, 'prediction.input is a whole number: write it as text in quotes, such as "1"'],
    [{ model: 5 }, 'prediction.model is a whole number: write it as text in quotes, such as "1"'],
    [{ latencyMs: 'fast' }, 'prediction.latencyMs is text: a number is expected, such as 0.93, without quotes'],
    [{ score: [1] }, 'prediction.score is an array: a number is expected, such as 0.93, without quotes'],
    [{ time: 1772366399 }, 'prediction.time is a whole number: write a time such as "2026-01-31T12:00:00Z"'],
    [{ time: {} }, 'prediction.time is an object: write a time such as "2026-01-31T12:00:00Z"'],
    [{ segments: 'de' }, 'prediction.segments is text: an object of names and values is expected'],
    [{ segments: { a: { b: 1 } } }, 'prediction.segments.a is an object: write it as text in quotes, such as "1"'],
    [
      { features: { age: 'old' } },
      'prediction.features.age is text: a number is expected, such as 0.93, without quotes',
    ],
    [{ latency: 12 }, 'prediction.latency is no field of prediction: did you mean "latencyMs"?'],
    [{ latency_ms: 1, latencyMs: 1 }, 'prediction.latencyMs is there twice, under two spellings: leave one out'],
  ])('is refused in words that its writer knows: %j', (over, expected) => expect(refusal(over)).toBe(expected));

  it.each<[unknown, string, string]>([
    [{ prediction: 'p' }, 'prediction', 'is text: an object such as {"model": "churn", …} is expected'],
    [{ prediction, outcome }, '', 'says two things, prediction and outcome: send an event of each'],
    [prediction, 'model', 'measurement; put it inside "prediction": {…}'],
    [{ truth: '1' }, 'truth', 'measurement; put it inside "outcome": {…}'],
    [{ predicton: prediction }, 'predicton', 'is no field of an event: did you mean "prediction"?'],
    [[1], '', 'is an array: expected an event such as {"prediction": {…}}'],
    [null, '', 'is null: expected an event such as {"prediction": {…}}'],
    [{ outcome: { ...outcome, revision: 1.5 } }, 'outcome.revision', 'is 1.5: a whole number from 0 to 4294967295'],
    [{ outcome: { ...outcome, revision: 2 ** 32 } }, 'outcome.revision', 'is 4294967296: a whole number from 0 to'],
    [
      { trainingProgress: { model: 'm', job: 'j', time, outOfMemory: 'yes' } },
      'trainingProgress.outOfMemory',
      'is text: true or false is expected, without quotes',
    ],
  ])('as a whole too: %j', (event, field, detail) => {
    expect(receive(event)).toMatchObject({
      accepted: false,
      refused: { field, detail: expect.stringContaining(detail) },
    });
  });

  it('that is nested as deep as its sender likes is refused, whichever field holds it', () => {
    const deep = JSON.parse('['.repeat(5000) + ']'.repeat(5000)) as unknown;
    for (const over of [{ class: deep }, { nest: deep }, { segments: { a: deep } }, { time: deep }, { role: deep }]) {
      expect(receive({ prediction: { ...prediction, ...over } })).toMatchObject({ accepted: false });
    }
    expect(receive(deep)).toMatchObject({ accepted: false });
  });
});

describe('Unicode', () => {
  const texts = {
    'zero width non-joiner': 'می\u200cخواهم',
    'zero width joiner': '👩\u200d💻',
    'soft hyphen': 'Donau\u00addampf',
    'private use': '\ue000\u{f0000}',
    unassigned: '\u0378',
  };

  it.each(Object.entries(texts))('%s is taken in classes, inputs and segments, in JSON and in general', (_, text) => {
    const over = { class: text, input: text, segments: { [text]: text }, experimentArm: text };
    const expected = { class: text, input: text, segments: { [text]: text }, arm: text };
    expect(row(over)).toMatchObject(expected);
    // Another spelling of a name is left to the general reader.
    expect(row({ ...over, cost_usd: 1 })).toMatchObject(expected);
  });

  it('control characters and half characters are not', () => {
    for (const class_ of ['a\u0000', 'a\n', '\ud800', 'a\u009f'])
      expect(refusal({ class: class_ })).toContain('prediction.class holds control characters');
  });

  it('the error of a failed prediction is shortened, never a reason to drop it', () => {
    const trace = 'Traceback (most recent call last):\n  File "serve.py", line 7\r\n\tValueError: \ud800';
    const oneLine = 'Traceback (most recent call last): File "serve.py", line 7 ValueError: \ufffd';
    expect(row({ error: trace }).error).toBe(oneLine);
    expect(row({ error: '\n\n' }).error).toBe('…');
    const long = row({ error: `${'x'.repeat(1022)}🜁${'y'.repeat(100)}` }).error;
    expect(long).toBe(`${'x'.repeat(1022)}…`);
    expect(row({ error: 'timeout' }).error).toBe('timeout');
    const carried = receive({ outcome: { ...outcome, prediction: { ...prediction, error: trace } } });
    expect(carried).toMatchObject({ row: { event: { kind: { value: { prediction: { error: oneLine } } } } } });
  });
});
