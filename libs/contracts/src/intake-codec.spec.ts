import { describe, expect, it } from '@jest/globals';
import { absentPrediction } from './columns/absent.js';
import { Role } from './gen/moola/v1/telemetry_pb.js';
import { intakeCodec, intakeViews } from './intake-codec.js';
import { observationsCodec, observationViews } from './observations-codec.js';
import type { IntakeRow, PredictionRow } from './rows.js';
import { randomRows, seeded } from './story/random-rows.js';

const seeds = Array.from({ length: 200 }, (_, seed) => seed);

describe('intakeCodec and observationsCodec', () => {
  it('give back every row as it was, in every bit of every number', () => {
    for (const seed of seeds) {
      const { intake, observations } = randomRows(seed);
      expect({ seed, rows: intakeCodec.decode(intakeCodec.encode(intake)) }).toEqual({ seed, rows: intake });
      expect({ seed, rows: observationsCodec.decode(observationsCodec.encode(observations)) }).toEqual({
        seed,
        rows: observations,
      });
    }
  });

  it('pack what was read as views to the same rows, also those of several records and between others', () => {
    for (const seed of seeds.slice(0, 60)) {
      const { intake, observations } = randomRows(seed);
      const { intake: more } = randomRows(seed + 1000);
      const read = [...intakeViews.decode(intakeCodec.encode(intake)), ...intakeViews.decode(intakeCodec.encode(more))];
      const mixed = read.flatMap((row, i) => [row, more[i] ?? row]);
      const expected = [...intake, ...more].flatMap((row, i) => [row, more[i] ?? row]);
      expect({ seed, rows: intakeCodec.decode(intakeCodec.encode(mixed)) }).toEqual({ seed, rows: expected });
      const passedOn = observationViews.encode(observationViews.decode(observationsCodec.encode(observations)));
      expect({ seed, rows: observationsCodec.decode(passedOn) }).toEqual({ seed, rows: observations });
    }
  });

  it('pack rows as they come to the same as all at once, in memory that other packers used before', () => {
    const random = seeded(9);
    for (let seed = 0; seed < 4; seed++) {
      const rows = [seed, seed + 100].map((each) => randomRows(each).observations);
      const packers = rows.map(() => observationsCodec.packer?.());
      // Two at once, one row here and one there.
      const left = rows.map((each) => [...each]);
      while (left.some(({ length }) => length > 0)) {
        const which = random(2);
        const row = left[which]?.shift();
        if (row) packers[which]?.add(row);
      }
      packers.forEach((packer, i) => {
        const stated = packer?.bytes ?? 0;
        const bytes = packer?.finish() as Uint8Array;
        expect(observationsCodec.decode(bytes)).toEqual(rows[i]);
        expect(bytes).toEqual(observationsCodec.encode(rows[i] ?? []));
        // Not counted is what stands before each column.
        expect(stated).toBeGreaterThan(bytes.length - 200);
      });
    }
  });

  it('take the same place of two records for two inputs', () => {
    const rows = ['a', 'b'].map((input) => ({ ...onePrediction, input, unit: `unit of ${input}` }));
    const read = rows.flatMap((row) => intakeViews.decode(intakeCodec.encode([row])));
    expect(intakeCodec.decode(intakeCodec.encode(read))).toEqual(rows);
  });

  it('copy runs of strings of a record that was read, with others between them', () => {
    const rows = randomRows(4).intake.concat(randomRows(5).intake);
    const views = intakeViews.decode(intakeCodec.encode(rows));
    const mixed = views.flatMap((view, i) => (i % 7 === 3 ? [rows[i] as IntakeRow, view] : [view]));
    const expected = rows.flatMap((row, i) => (i % 7 === 3 ? [row, row] : [row]));
    expect(intakeCodec.decode(intakeCodec.encode(mixed))).toEqual(expected);
  });

  it('read records that begin at any byte of a larger buffer', () => {
    const { intake } = randomRows(4);
    const bytes = intakeCodec.encode(intake);
    for (let shift = 0; shift < 8; shift++) {
      const larger = new Uint8Array(bytes.length + 8);
      larger.set(bytes, shift);
      expect(intakeCodec.decode(larger.subarray(shift, shift + bytes.length))).toEqual(intake);
    }
  });

  it('give the same bytes for the same rows', () => {
    const { intake, observations } = randomRows(11);
    const again = randomRows(11);
    expect(intakeCodec.encode(intake)).toEqual(intakeCodec.encode(again.intake));
    expect(observationsCodec.encode(observations)).toEqual(observationsCodec.encode(again.observations));
  });

  it('number more strings than 8 and 16 bits hold', () => {
    const row = randomRows(0).intake.find((candidate) => candidate.kind === 'prediction') ?? onePrediction;
    for (const length of [255, 256, 70_000]) {
      const rows = Array.from({ length }, (_, i) => ({ ...row, id: `p${i}`, input: `input-${i}` }));
      const decoded = intakeCodec.decode(intakeCodec.encode(rows));
      expect(decoded.map((each) => (each as PredictionRow).input)).toEqual(rows.map((each) => each.input));
    }
  });

  it.each([1, 7, 20])('refuse a record that is cut off %i bytes before its end', (missing) => {
    const bytes = intakeCodec.encode([{ ...onePrediction, features: { age: 1 } }, onePrediction]);
    expect(() => intakeCodec.decode(bytes.subarray(0, bytes.length - missing))).toThrow();
  });
});

const onePrediction: PredictionRow = {
  ...absentPrediction,
  kind: 'prediction',
  id: 'p',
  source: 's',
  model: 'm',
  version: 'v',
  build: '',
  role: Role.PRIMARY,
  input: 'i',
  timeMs: 1,
  class: '1',
  value: NaN,
  score: 0.5,
  latencyMs: 2,
  costUsd: NaN,
  error: '',
  segments: {},
  arm: '',
  features: {},
};
