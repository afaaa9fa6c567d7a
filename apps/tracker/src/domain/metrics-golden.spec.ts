import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { TaskType } from '@moola/contracts/gen/moola/v1/definitions_pb';
import type { LabelledRow } from '@moola/contracts/rows';
import { labelledRow } from '../testing/observation-rows.js';
import { minuteMs, modelDefinition, TrackerStory } from '../testing/tracker-story.js';

interface GoldenCase {
  readonly name: string;
  readonly task: 'binary' | 'multiclass' | 'regression';
  readonly rows: readonly (
    readonly [string, string, (number | Readonly<Record<string, number>>)?] | readonly [number, number]
  )[];
  readonly expected: Readonly<Record<string, number | null>>;
}

const golden = readFileSync(new URL('../../../../libs/metrics/golden/golden.json', import.meta.url), 'utf8');
const { cases } = JSON.parse(golden) as { readonly cases: readonly GoldenCase[] };
const tasks = { binary: TaskType.BINARY, multiclass: TaskType.MULTICLASS, regression: TaskType.REGRESSION } as const;

function labelOf([answer, truth, certainty = NaN]: GoldenCase['rows'][number]): Partial<LabelledRow> {
  const stated = typeof certainty === 'number' ? { score: certainty } : { probabilities: certainty };
  if (typeof answer === 'string') return { class: answer, truth: String(truth), ...stated };
  return { class: '', truth: '', value: answer, truthValue: Number(truth) };
}

/** Figures of a window of five minutes, one of which holds all labels that are not to count any more. */
function figuresOf({ task, rows }: GoldenCase): Map<string, number | undefined> {
  const story = new TrackerStory(modelDefinition({ task: tasks[task] })).deploy(0, 'v1');
  const strangers = task === 'regression' ? ([-7e29, 3.3e-7] as const) : (['1', '0', 0.875] as const);
  for (let i = 0; i < 7; i++) story.row(labelledRow({ knownAtMs: i, ...labelOf(strangers) }));
  rows.forEach((row, i) => {
    const knownAtMs = 2 * minuteMs + Math.floor((i * 4 * minuteMs) / rows.length);
    if (i % 50 === 0) story.tick(Math.floor(knownAtMs / minuteMs));
    story.row(labelledRow({ knownAtMs, ...labelOf(row) }));
  });
  story.tick(6);
  const windows = story
    .snapshots([5 * minuteMs])
    .flatMap(({ kind }) => (kind.case === 'window' && kind.value.windowMs === 5 * minuteMs ? [kind.value] : []));
  return new Map(windows.at(-1)?.figures.map(({ metric, value }) => [metric, value]));
}

describe('metrics of a window that has moved on are those of scikit-learn', () => {
  it.each(cases)('$task: $name', (each) => {
    const figures = figuresOf(each);
    for (const [metric, expected] of Object.entries(each.expected)) {
      const value = figures.get(metric);
      if (expected === null) expect([metric, value]).toEqual([metric, undefined]);
      else
        expect([metric, relativeError(value, expected) < 1e-9, value, expected]).toEqual([
          metric,
          true,
          value,
          expected,
        ]);
    }
  });
});

function relativeError(value: number | undefined, expected: number): number {
  if (value === undefined) return Infinity;
  return Math.abs(value - expected) / Math.max(Math.abs(expected), 1e-300);
}
