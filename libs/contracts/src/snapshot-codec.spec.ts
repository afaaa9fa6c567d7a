import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { FigureSchema, SnapshotSchema, type Snapshot } from './gen/moola/v1/snapshots_pb.js';
import { Role } from './gen/moola/v1/telemetry_pb.js';
import { messageCodec } from './message-codec.js';
import { snapshotCodec } from './snapshot-codec.js';

type Init = Exclude<MessageInitShape<typeof SnapshotSchema>, Snapshot>;
const general = messageCodec(SnapshotSchema);
const snapshot = (fields: Init): Snapshot => create(SnapshotSchema, fields);

const figures = [
  { metric: 'accuracy', value: 0.8125, samples: 160, lower: 0.7, upper: 0.9, effectiveSamples: 8 },
  { metric: 'recall', samples: 0 },
  { metric: 'latency_p95', value: 0, samples: 3 },
  { metric: 'Genauigkeit-überall', value: -0.5, samples: 1e15, lower: -Infinity, upper: NaN },
  { metric: '', samples: 0 },
];
const window = { version: 'v1', role: Role.PRIMARY, serving: true, windowMs: 3_600_000, figures };

const rows: [string, Snapshot][] = [
  ['a window', snapshot({ atMs: 1.7e12, model: 'M', kind: { case: 'window', value: window } })],
  ['an empty window', snapshot({ kind: { case: 'window', value: {} } })],
  [
    'a window of a model with a long name',
    snapshot({ model: 'é'.repeat(300), kind: { case: 'window', value: window } }),
  ],
  [
    'a window with many figures',
    snapshot({ atMs: 1, kind: { case: 'window', value: { figures: Array.from({ length: 400 }, () => figures[0]!) } } }),
  ],
  ['a bucket', snapshot({ atMs: 5, model: 'M', kind: { case: 'bucket', value: { version: 'v1', correct: 4 } } })],
  ['an alert', snapshot({ kind: { case: 'alert', value: { rule: 'Drop', figure: figures[0]! } } })],
  ['nothing', snapshot({})],
];

describe('the codec of snapshots', () => {
  it.each(rows)('gives the bytes of the general one, and reads them: %s', (_, row) => {
    expect(snapshotCodec.encode([row])).toEqual(general.encode([row]));
    expect(snapshotCodec.decode(general.encode([row]))).toEqual(general.decode(general.encode([row])));
  });

  it('keeps rows in order, whatever they are', () => {
    const all = [...rows, ...rows].map(([, row]) => row);
    expect(snapshotCodec.decode(snapshotCodec.encode(all))).toEqual(all);
  });

  it.each([1, 5, 31, 32, 33, 40])(
    'writes figures that windows share once, and reads them all (%d figures)',
    (count) => {
      const many = Array.from({ length: count }, (_, i) =>
        create(FigureSchema, { metric: `m${i}`, value: i, samples: i }),
      );
      const other = create(FigureSchema, { metric: 'other', samples: 3 });
      const lists = [
        many,
        many,
        many.with(0, other),
        many.with(count - 1, other),
        many.slice(0, count >> 1),
        [],
        [other, ...many],
        [other, ...many.slice(0, 3)],
        many,
      ];
      const all = lists.flatMap((list, i) => {
        const row = snapshot({
          atMs: i,
          model: 'm',
          kind: { case: 'window', value: { version: 'v'.repeat(100 * i) } },
        });
        if (row.kind.case === 'window') row.kind.value.figures = [...list];
        return [row, rows[5]![1]];
      });
      expect(snapshotCodec.decode(snapshotCodec.encode(all))).toEqual(all);
      expect(snapshotCodec.encode(all).length).toBeLessThan(general.encode(all).length);
    },
  );

  it('refuses a window that repeats a figure which is not there', () => {
    const bytes = Buffer.concat([general.encode([rows[1]![1]]), Buffer.of(0x12, 4, 1, 0, 0, 0)]);
    expect(() => snapshotCodec.decode(bytes)).toThrow('repeats figure 0');
  });

  it('keeps fields that it does not know', () => {
    const later = Uint8Array.from([0x0a, 0x08, 0x52, 0x06, 0x0a, 0x01, 0x61, 0xa0, 0x06, 0x07]);
    expect(snapshotCodec.decode(later)).toEqual(general.decode(later));
    expect(snapshotCodec.encode(snapshotCodec.decode(later))).toEqual(later);
  });

  it.each([1, 5, 9, 20, 100])('throws when the bytes end early (after %d)', (length) => {
    const bytes = snapshotCodec.encode([rows[0]![1]]);
    expect(() => snapshotCodec.decode(bytes.subarray(0, length))).toThrow();
  });
});
