import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { topics } from '@moola/contracts/topics';
import { runProcessor, type EmittedRow } from '@moola/testing/run-processor';
import { firstDifference, linesOf } from '../../testing/lines-of.js';
import { randomRows, withSubjects } from '../../testing/random-story.js';
import { createTracker } from '../tracker.js';
import type { Published } from './publisher.js';

const kindOf = ({ topic, content }: EmittedRow): string | undefined =>
  topic === topics.snapshots.name && content.kind === 'data' ? (content.value as Snapshot).kind.case : undefined;
const isLeftOut = (row: EmittedRow): boolean => ['window', 'bucket', 'breakdown'].includes(kindOf(row) ?? '');

describe('what is published to a reader of rules', () => {
  const run = (published: Published, seed: number) =>
    runProcessor(createTracker({ windowsMs: [60_000], published }), withSubjects(randomRows(seed, 40), seed));

  it.each([1, 2])('has every alert, budget, count, job and instance as for all readers (story %d)', (seed) => {
    const [all, few] = [run('everything', seed), run('rules', seed)];
    const others = (rows: readonly EmittedRow[]) => linesOf(rows.filter((row) => !isLeftOut(row)));
    expect(firstDifference(others(few), others(all))).toBeNull();
    expect(others(few).length).toBeGreaterThan(100);
    expect(few.filter((row) => ['bucket', 'breakdown'].includes(kindOf(row) ?? ''))).toEqual([]);
  });

  it('has of every window the figures that its rules are on', () => {
    const windows = (published: Published) =>
      run(published, 1).flatMap((row) => {
        const { kind, ...rest } = (row.content as { value: Snapshot }).value ?? {};
        return kind?.case === 'window' ? [{ ...rest, ...kind.value }] : [];
      });
    const [all, few] = [windows('everything'), windows('rules')];
    const names = (rows: typeof all) => new Set(rows.flatMap(({ figures }) => figures.map(({ metric }) => metric)));
    const kept = names(few);
    expect(kept).toContain('accuracy');
    expect(kept.size).toBeLessThan(names(all).size / 2);
    const ofA = (rows: typeof all) =>
      linesOf(
        rows
          .filter(({ model }) => model === 'A')
          .map((window) => ({ ...window, figures: window.figures.filter(({ metric }) => metric === 'accuracy') })),
      );
    expect(ofA(few).length).toBeGreaterThan(10);
    expect(firstDifference(ofA(few), ofA(all))).toBeNull();
  });
});
