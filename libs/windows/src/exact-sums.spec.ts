import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addExact, addExactSum, exactUnit, exactUnits, limbs, readExact, setExact, writeExact } from './exact-sums.js';
import { PackedReader, PackedWriter } from './packed-numbers.js';

/** A term as whole units, by another way: the digits of the number itself. */
function unitsOf(term: number): bigint {
  const scaled = Math.abs(term) * 2 ** 96;
  const units = scaled < 2 ** 53 ? BigInt(Math.round(scaled)) : BigInt(scaled);
  return term < 0 ? -units : units;
}

const within = fc.oneof(
  fc.double({ min: -4e60, max: 4e60, noNaN: true }),
  fc.double({ min: -1e3, max: 1e3, noNaN: true }),
  fc.constantFrom(0, -0, 0.1, 5e-324, 2 ** -96, 2 ** -97, 2 ** -43, -(2 ** -43), 2 ** 53, 1e30, -1e30, 4e60, -4e60),
);

describe('an exact sum', () => {
  it('is that of whole numbers, in any order and after anything was taken away', () => {
    fc.assert(
      fc.property(fc.array(within, { maxLength: 40 }), fc.array(within, { maxLength: 40 }), (kept, gone) => {
        const values = new Float64Array(2 * limbs);
        for (const term of [...kept, ...gone]) addExact(values, 0, term);
        for (const term of gone) addExact(values, 0, term, -1);
        for (const term of [...kept].reverse()) addExact(values, limbs, term);
        const expected = kept.reduce((sum, term) => sum + unitsOf(term), 0n);
        expect(exactUnits(values, 0)).toBe(expected);
        // The very words are the same: a checkpoint does not depend on the order.
        expect([...values.subarray(0, limbs)]).toEqual([...values.subarray(limbs)]);
      }),
    );
  });

  it('of sums is that of their terms', () => {
    fc.assert(
      fc.property(fc.array(within, { maxLength: 20 }), fc.array(within, { maxLength: 20 }), (one, other) => {
        const values = new Float64Array(2 * limbs);
        for (const term of one) addExact(values, 0, term);
        for (const term of other) addExact(values, limbs, term);
        const [first, second] = [exactUnits(values, 0), exactUnits(values, limbs)];
        addExactSum(values, 0, limbs);
        expect(exactUnits(values, 0)).toBe(first + second);
        addExactSum(values, 0, limbs, -1);
        expect(exactUnits(values, 0)).toBe(first);
      }),
    );
  });

  it('comes back from its units, and from the bytes of a checkpoint', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 330n), max: 2n ** 330n }), (units) => {
        const values = new Float64Array(2 * limbs);
        setExact(values, 0, units);
        expect(exactUnits(values, 0)).toBe(units);
        const writer = new PackedWriter();
        writeExact(values, 0, writer);
        const reader = new PackedReader(writer.finish());
        readExact(values, limbs, reader);
        expect([...values.subarray(limbs)]).toEqual([...values.subarray(0, limbs)]);
        expect(reader.done).toBe(true);
      }),
    );
  });

  it('keeps a small term beside a large one', () => {
    const values = new Float64Array(limbs);
    for (const term of [1e30, 1e-20, -1e30]) addExact(values, 0, term);
    expect(Number(exactUnits(values, 0)) * exactUnit).toBeCloseTo(1e-20, 28);
  });
});
