import { expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { SnapshotSchema, AlertState, type Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { topics } from '@moola/contracts/topics';
import { temporaryFolder } from '@moola/streams/adapters/embedded/temporary-folder';
import { incidentStory } from '../testing/incident-facts.js';
import {
  alertOf,
  breakdownOf,
  bucketOf,
  budgetOf,
  deploymentOf,
  minute,
  protectedOf,
  revenueOf,
  segmentAlertOf,
  windowOf,
} from '../testing/facts.js';
import { resolutions, type Row } from './schema/table.js';
import { at, dump, factLog, inStore, records, takeIn, type Published } from './testing/history-under-test.js';

const start = Date.UTC(2026, 0, 31, 12);

interface Choice {
  readonly kind: 'bucket' | 'window' | 'budget' | 'alert' | 'deployment' | 'breakdown' | 'job';
  readonly version: string;
  readonly minutes: number;
  readonly value: number;
}

const choice: fc.Arbitrary<Choice> = fc.record({
  kind: fc.constantFrom(
    'bucket',
    'bucket',
    'bucket',
    'window',
    'window',
    'budget',
    'alert',
    'deployment',
    'breakdown',
    'job',
  ),
  version: fc.constantFrom('v1', "v'2", 'v"3'),
  // Few: the same minute is written again and again.
  minutes: fc.constantFrom(0, 1, 9, 10, 59, 60, 130),
  value: fc.integer({ min: 0, max: 1000 }),
});

function factOf({ kind, version, minutes, value }: Choice, place: number): Snapshot {
  const atMs = start + minutes * minute;
  const share = value / 1000;
  switch (kind) {
    case 'bucket':
      return bucketOf(version, atMs, place, { predictions: value, labelled: value, correct: Math.floor(value / 2) });
    case 'window':
      return windowOf(atMs + value, version, share, value % 2 === 0 ? 'serves' : 'shadow');
    case 'budget':
      return budgetOf(atMs, version, share, true);
    case 'alert':
      return alertOf(atMs, version, AlertState.FIRING, share);
    case 'deployment':
      return deploymentOf(atMs, version, 1, 'maria');
    case 'breakdown':
      return breakdownOf(atMs, version, true);
    case 'job': {
      const figures = [{ metric: 'job_loss', value: share, samples: 1 }];
      return create(SnapshotSchema, { atMs, model: 'Fraud', kind: { case: 'job', value: { job: 'fit-7', figures } } });
    }
  }
}

/** Some facts, then how many of those before are published once more, as after a crash. */
const part = fc.record({ facts: fc.array(choice, { maxLength: 25 }), again: fc.integer({ min: 0, max: 12 }) });

it('ends in the same tables as one pass, whatever restarts, repetitions and late revisions there were', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 3 }), async (parts) => {
      const [inParts, atOnce] = [await temporaryFolder(), await temporaryFolder()];
      try {
        const log = await factLog();
        const published: Published<Snapshot>[] = [];
        for (const { facts, again } of parts) {
          const from = Math.max(0, published.length - again);
          facts.forEach((each) => published.push({ value: factOf(each, published.length) }));
          await log.append(at(topics.snapshots), records(topics.snapshots, published.slice(from), from));
          await takeIn(inParts.path, log);
          // A task that does not know yet that it was replaced publishes what is long known.
          await log.append(at(topics.snapshots), records(topics.snapshots, published.slice(from, from + 5), from));
        }
        await takeIn(inParts.path, log);
        await takeIn(atOnce.path, log);
        const [a, b] = [await inStore(inParts.path, dump), await inStore(atOnce.path, dump)];
        expect(a).toEqual(b);
        for (const length of resolutions)
          expect(a[`buckets/${length}`]?.map(counts)).toEqual(direct(published, length));
      } finally {
        await inParts.remove();
        await atOnce.remove();
      }
    }),
    { numRuns: 5, endOnFailure: true },
  );
}, 180_000);

it('keeps what was published last, once, also where an earlier fact comes again after a restart', async () => {
  const folder = await temporaryFolder();
  try {
    const log = await factLog();
    const published = [0.9, 0.2].map((value, i) => ({ value: windowOf(start + i, 'v1', value, 'serves') }));
    for (const [i] of published.entries()) {
      await log.append(at(topics.snapshots), records(topics.snapshots, published.slice(i, i + 1), i));
      await takeIn(folder.path, log);
    }
    await log.append(at(topics.snapshots), records(topics.snapshots, published.slice(0, 1), 0));
    await takeIn(folder.path, log);
    const figures = (await inStore(folder.path, dump))['figures/60000'];
    expect(figures?.filter(({ metric }) => metric === 'accuracy')).toEqual([expect.objectContaining({ value: 0.2 })]);
  } finally {
    await folder.remove();
  }
});

it('tells the transitions of a rule on segments by pattern apart', async () => {
  const folder = await temporaryFolder();
  try {
    const log = await factLog();
    const countries = ['de', 'fr'].map((country) => ({
      value: segmentAlertOf(start, 'v1', country, AlertState.FIRING),
    }));
    await log.append(at(topics.snapshots), records(topics.snapshots, countries, 0));
    await takeIn(folder.path, log);
    const { alertTransitions } = await inStore(folder.path, dump);
    expect(alertTransitions?.map(({ segment }) => segment)).toEqual(['country=de', 'country=fr']);
  } finally {
    await folder.remove();
  }
});

const counts = ({ time, version, predictions, labelled, correct }: Row) => ({
  ...{ time, version, predictions, labelled, correct },
});

/** Buckets as they follow from the facts themselves: the last revision of each minute, added up. */
function direct(published: readonly Published<Snapshot>[], length: number): Row[] {
  const minutes = new Map<string, { startMs: number; version: string; numbers: number[] }>();
  for (const each of published) {
    if (!('value' in each) || each.value.kind.case !== 'bucket') continue;
    const { startMs, version, predictions, labelled, correct } = each.value.kind.value;
    minutes.set(`${startMs}/${version}`, { startMs, version, numbers: [predictions, labelled, correct] });
  }
  const sums = new Map<
    string,
    { time: number; version: string; predictions: number; labelled: number; correct: number }
  >();
  for (const { startMs, version, numbers } of minutes.values()) {
    const time = Math.floor(startMs / length) * length;
    const key = `${time}/${version}`;
    const sum = sums.get(key) ?? { time, version, predictions: 0, labelled: 0, correct: 0 };
    sum.predictions += numbers[0] ?? 0;
    sum.labelled += numbers[1] ?? 0;
    sum.correct += numbers[2] ?? 0;
    sums.set(key, sum);
  }
  return [...sums.values()].sort((a, b) => a.time - b.time || (a.version < b.version ? -1 : 1));
}

it('holds incidents, their events, money and the largest and least of what was published', async () => {
  const folder = await temporaryFolder();
  try {
    const log = await factLog();
    const story = incidentStory(start);
    await log.append(
      at(topics.incidents),
      records(
        topics.incidents,
        story.slice(0, 4).map((value) => ({ value })),
        0,
      ),
    );
    await takeIn(folder.path, log);
    await log.append(
      at(topics.incidents),
      records(
        topics.incidents,
        story.slice(2).map((value) => ({ value })),
        2,
      ),
    );
    const money = [revenueOf(start, 5), revenueOf(start + 1000, 6), protectedOf(start, 12)].map((value) => ({ value }));
    await log.append(at(topics.kpis), records(topics.kpis, money, 0));
    const windows = [0.9, 0.2, 0.6].map((value, i) => ({ value: windowOf(start + i, 'v1', value, 'serves') }));
    await log.append(at(topics.snapshots), records(topics.snapshots, windows, 0));
    await takeIn(folder.path, log);
    const all = await inStore(folder.path, dump);
    expect(all['incidents']).toEqual([
      expect.objectContaining({
        ...{ incident: 'Fraud~AccuracyDrop~1', opened: start, state: 'resolved', rule: 'AccuracyDrop', model: 'Fraud' },
        ...{ acknowledgedBy: 'maria', acknowledged: start + 3 * minute, costUsd: 12.5, severity: 'critical' },
        ...{
          rolledBackFrom: 'v2',
          rolledBackTo: 'v1',
          postMortem: '# Accuracy was low\n',
          tier: 'emergency',
          gate: true,
        },
      }),
    ]);
    expect(all['incidentEvents']?.map(({ number }) => number)).toEqual([1, 2, 3, 5, 6, 7, 8, 9, 10, 11]);
    expect(all['revenue/3600000']).toEqual([
      expect.objectContaining({ time: start, model: 'Fraud', earnedUsd: 6, projectedPerDayUsd: 290 }),
    ]);
    expect(all['protectedValue']).toEqual([expect.objectContaining({ usd: 12, since: start })]);
    expect(all['figures/600000']).toEqual([
      expect.objectContaining({
        value: 0.6,
        least: 0.2,
        most: 0.9,
        metric: 'accuracy',
        role: 'primary',
        serving: true,
      }),
    ]);
  } finally {
    await folder.remove();
  }
});
