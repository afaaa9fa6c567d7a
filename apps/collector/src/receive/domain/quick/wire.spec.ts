import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from '@jest/globals';
import { Wire } from './wire.js';

describe('the tag of a field', () => {
  it.each([
    [1, 10],
    [15, 122],
    [16, 130],
    [255, 2042],
    [2047, 16_378],
    // Three bytes: nothing that is read here.
    [2048, 0],
  ])('number %i is read as %i', (number, expected) => {
    const bytes = new BinaryWriter().tag(number, WireType.LengthDelimited).string('text').finish();
    const wire = new Wire();
    wire.begin(Buffer.concat([Uint8Array.of(0x0a), bytes]), 1);
    expect(wire.tag()).toBe(expected);
    if (expected !== 0) expect(wire.delimited(bytes.length + 1) - wire.at).toBe(4);
  });
});
