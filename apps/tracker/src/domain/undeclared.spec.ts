import { describe, expect, it } from '@jest/globals';
import { TaskType } from '@moola/contracts/gen/moola/v1/definitions_pb';
import type { Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { ObservationRow } from '@moola/contracts/rows';
import { runProcessor, type TestRow } from '@moola/testing/run-processor';
import { labelledRow, predictionRow } from '../testing/observation-rows.js';
import { minuteMs } from '../testing/tracker-story.js';
import { valuesOf } from '../testing/values-of.js';
import { createTracker } from './tracker.js';

describe('a model that nobody declared and that answers numbers', () => {
  const at = (minute: number) => 1_000_000 * minuteMs + minute * minuteMs;
  const number = (minute: number, value: number, truthValue: number): TestRow<ObservationRow>[] => [
    { data: predictionRow({ model: 'new', timeMs: at(minute), class: '', value }) },
    {
      data: labelledRow({
        ...{ model: 'new', knownAtMs: at(minute), class: '', truth: '', value, truthValue },
      }),
    },
  ];
  const failed = { data: predictionRow({ model: 'new', timeMs: at(0), class: '', error: 'timeout' }) };
  const rows: TestRow<ObservationRow>[] = [
    failed,
    ...Array.from({ length: 12 }, (_, i) => number(0, 10 + i, 8 + i)).flat(),
    { tick: at(1) + 1 },
    ...number(1, 3, 5),
    { tick: at(2) + 1 },
  ];

  it('is watched as a regression, also after a restart', () => {
    for (const restartBefore of [new Set<number>(), new Set(rows.keys())]) {
      const snapshots = runProcessor(createTracker({ windowsMs: [60 * minuteMs] }), rows, { restartBefore }).flatMap(
        ({ topic, content }) => (topic === 'snapshots' && content.kind === 'data' ? [content.value as Snapshot] : []),
      );
      const budget = valuesOf(snapshots, 'budget').at(-1);
      expect(budget).toMatchObject({ task: TaskType.REGRESSION, undeclared: true });
      expect(budget?.lines.map(({ metric }) => metric)).toContain('latency_p95');
      expect(budget?.lines.map(({ metric }) => metric)).not.toContain('accuracy');
      const figures = valuesOf(snapshots, 'window').at(-1)?.figures ?? [];
      expect(figures.find(({ metric }) => metric === 'mae')).toMatchObject({ value: 2, samples: 13 });
      expect(valuesOf(snapshots, 'counts').at(-1)).toMatchObject({ labelled: 13, labelsOfOtherTask: 0 });
    }
  });
});
