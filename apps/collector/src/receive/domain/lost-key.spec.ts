import { describe, expect, it } from '@jest/globals';
import { Receiver } from './receiver.js';

const nowMs = Date.parse('2026-03-01T12:00:00Z');
const receiver = () =>
  new Receiver({ horizonMs: 3_600_000, replaceIdentifier: null, contentId: () => 'id', unknownFields: 'ignored' });

const refused = (field: string) => ({
  accepted: false,
  refused: { reason: 'invalid-field', field, detail: 'has the key "__proto__", which is not allowed' },
});

/** Protobuf by hand: a writer of JavaScript loses the key as well. */
const field = (number: number, content: string | Buffer): Buffer => {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
};
const second = Buffer.from([0x08, ...varint(nowMs / 1000)]);
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
}

describe('the key that a JavaScript object loses', () => {
  const prediction = { model: 'm', version: 'v1', input: 'i', time: new Date(nowMs).toISOString(), class: '1' };

  it.each(['segments', 'features'])('is refused in the %s of JSON, however it is written', (map) => {
    for (const key of ['__proto__', '\\u005f_proto__']) {
      const text = JSON.stringify({ prediction }).replace('}}', `,"${map}":{"a":1,"${key}":"1"}}}`);
      expect(receiver().json(JSON.parse(text), '', nowMs)).toMatchObject(refused(`prediction.${map}`));
    }
  });

  it('is refused in the prediction that an outcome of JSON carries', () => {
    const text = `{"outcome":{"model":"m","input":"i","knownAt":"${prediction.time}","truth":"1","prediction":{"version":"v1","segments":{"__proto__":"x"}}}}`;
    expect(receiver().json(JSON.parse(text), '', nowMs)).toMatchObject(refused('outcome.prediction.segments'));
  });

  it('is refused in protobuf, and a value that only looks like it is kept', () => {
    const inside = (key: string, value: string) => {
      const segment = field(13, Buffer.concat([field(1, key), field(2, value)]));
      const named = [field(1, 'm'), field(2, 'v1'), field(5, 'i'), field(6, second), field(7, '1')];
      return field(10, Buffer.concat([...named, segment]));
    };
    const told = (bytes: Buffer) => receiver().protobuf(bytes, 0, bytes.length, nowMs);
    expect(told(inside('__proto__', 'x'))).toMatchObject(refused('prediction.segments'));
    expect(told(inside('plan', '__proto__'))).toMatchObject({
      accepted: true,
      row: { segments: { plan: '__proto__' } },
    });
  });
});
