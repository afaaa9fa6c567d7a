import { describe, expect, it } from '@jest/globals';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { Figure, Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { ObservationRow } from '@moola/contracts/rows';
import { runProcessor, type TestRow } from '@moola/testing/run-processor';
import { labelledRow, predictionRow } from '../testing/observation-rows.js';
import { minuteMs, modelDefinition } from '../testing/tracker-story.js';
import { createTracker } from './tracker.js';

const beginMs = 1_000_000 * minuteMs;
const hourMs = 60 * minuteMs;

/** The last figures of `v1` over an hour, by metric. */
function figures(rows: readonly TestRow<ObservationRow>[]): (metric: string) => Figure | undefined {
  const windows = runProcessor(createTracker({ windowsMs: [hourMs] }), [{ definition: modelDefinition() }, ...rows])
    .flatMap(({ topic, content }) =>
      topic === 'snapshots' && content.kind === 'data' ? [(content.value as Snapshot).kind] : [],
    )
    .flatMap((kind) => (kind.case === 'window' && kind.value.windowMs === hourMs ? [kind.value] : []));
  const last = windows.findLast(({ version }) => version === 'v1');
  return (metric) => last?.figures.find((each) => each.metric === metric);
}

describe('labels', () => {
  const prediction = (minute: number, role = Role.PRIMARY) => ({
    data: predictionRow({ timeMs: beginMs + minute * minuteMs, role }),
  });
  const label = (predicted: number, known: number, fields: Partial<Parameters<typeof labelledRow>[0]> = {}) => ({
    data: labelledRow({
      predictedAtMs: beginMs + predicted * minuteMs,
      knownAtMs: beginMs + known * minuteMs,
      ...fields,
    }),
  });
  const tick = (minute: number) => ({ tick: beginMs + minute * minuteMs + 1 });

  it('are as late as they became known after their predictions, on average', () => {
    const of = figures([prediction(0), prediction(1), label(0, 3), label(1, 10), label(2, 1), tick(12)]);
    // The last was known before its prediction: it is not late.
    expect(of('label_delay')).toMatchObject({ value: (3 + 9 + 0) / 3, samples: 3 });
    expect(figures([prediction(0), tick(2)])('label_delay')).toMatchObject({ samples: 0 });
  });

  it('cover a share of the predictions of the window, whenever they come', () => {
    const rows = [prediction(0), tick(1), prediction(10), prediction(10), prediction(20), tick(21)];
    expect(figures(rows)('label_coverage')).toMatchObject({ value: 0, samples: 4 });
    const labels = [label(0, 22), label(10, 22), label(10, 23, { freshness: 'repeated' }), tick(24)];
    expect(figures([...rows, ...labels])('label_coverage')).toMatchObject({ value: 2 / 4, samples: 4 });
    // The first prediction leaves the window, and its label with it.
    expect(figures([...rows, ...labels, tick(65)])('label_coverage')).toMatchObject({ value: 1 / 3, samples: 3 });
  });

  it('cover predictions in the role in which they were made', () => {
    const rows = [
      prediction(0, Role.SHADOW),
      prediction(0),
      prediction(0),
      label(0, 1, { role: Role.SHADOW }),
      tick(2),
    ];
    expect(figures(rows)('label_coverage')).toMatchObject({ value: 0, samples: 2 });
  });
});
