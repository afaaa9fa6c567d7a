import { describe, expect, it } from '@jest/globals';
import { foreignRecordCodec } from './foreign-record.js';

describe('a foreign record among rows', () => {
  it('comes back as it was: its bytes, its headers, when it was appended', () => {
    const records = [
      { value: Uint8Array.of(0, 255, 10), headers: { 'content-type': 'application/json' }, appendedAtMs: 1.5e12 },
      { value: new Uint8Array(), headers: {}, appendedAtMs: 0 },
    ];
    expect(foreignRecordCodec.decode(foreignRecordCodec.encode(records))).toEqual(records);
  });
});
