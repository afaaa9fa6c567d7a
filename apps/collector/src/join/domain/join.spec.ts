import { describe, expect, it } from '@jest/globals';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { isInferred } from '@moola/contracts/inferred-deployment';
import type { IntakeRow, ObservationRow } from '@moola/contracts/rows';
import type { Emitter } from '@moola/streams/processor/processor';
import { deletionOf } from '@moola/contracts/definitions/in-force';
import { runProcessor, type TestRow } from '@moola/testing/run-processor';
import { deployment, minute, modelDefinition, outcome, prediction } from '../story/events.js';
import { naiveJoin } from '../story/naive-join.js';
import { SeededRandom } from '../story/random.js';
import { randomIntake } from '../story/random-intake.js';
import { randomReleases } from '../story/random-releases.js';
import { joinProcessor } from './join-processor.js';

/** What each row gave, without what was only passed on. */
function observationsOf(rows: readonly TestRow<IntakeRow>[], restartBefore = new Set<number>()): ObservationRow[][] {
  const observations: ObservationRow[][] = rows.map(() => []);
  for (const { offset, content } of runProcessor(joinProcessor, rows, { restartBefore })) {
    if (content.kind === 'data') observations[offset]?.push(content.value as ObservationRow);
  }
  return observations;
}

/** The rows of a story, each in a few words. */
function told(rows: readonly TestRow<IntakeRow>[]): string[] {
  return observationsOf(rows)
    .flat()
    .map((row) => {
      switch (row.kind) {
        case 'prediction':
          return `${row.version} answers ${row.input}: ${row.class}`;
        case 'labelled': {
          const previous = row.previousTruth === '' ? '' : ` was ${row.previousTruth}`;
          const at = `known ${row.knownAtMs / minute}`;
          return `${row.group} ${row.version} ${row.input}: ${row.class}/${row.truth} ${row.freshness}${previous} ${at}`;
        }
        case 'event':
          return `${row.event.kind.case} ${row.event.id}`;
        case 'refusal':
          return `refused ${row.refusal.eventId}: ${['', 'duplicate', 'orphan', 'too late'][row.refusal.reason]}`;
      }
    });
}

describe('collector/join', () => {
  it('tells of the versions that serve where no deployment event does, at every restart the same', () => {
    const random = new SeededRandom(5);
    const answers = Array.from({ length: 400 }, (_, i) => {
      const version = `v${Math.max(1, Math.floor(i / 100) + (random.chance(i % 100 < 20 ? 50 : 100) ? 1 : 0))}`;
      return { data: prediction({ version, input: `${i}`, timeMs: i * 10_000 - random.below(15_000) }) };
    });
    const rows = [...answers.slice(0, 350), { data: deployment('d', 58 * minute, 'v9') }, ...answers.slice(350)];
    const observed = observationsOf(rows, new Set(rows.keys()));
    expect(observed).toEqual(naiveJoin(rows));
    const deployed = observed.flat().flatMap((row) => (row.kind === 'event' ? [row.event.kind.value] : []));
    expect(deployed.map((each) => each && 'version' in each && each.version)).toEqual(['v1', 'v2', 'v3', 'v4', 'v9']);
  });

  it('carries of a prediction what its model asks for, over restarts and longer horizons, and nothing else', () => {
    const answer = { arm: 'a', unit: 'customer-7', latencyMs: 12, costUsd: 0.25 };
    const labelled = (model: string, knownAtMs: number) => [
      { data: prediction({ model, input: 'a', ...answer }) },
      { data: prediction({ model, input: 'b' }) },
      { definition: modelDefinition(240 * minute, 'asks', ['experimentArm']) },
      { tick: knownAtMs },
      { data: outcome({ model, input: 'a', truth: '1', knownAtMs }) },
      { data: outcome({ model, input: 'b', truth: '1', knownAtMs }) },
    ];
    const rows = [
      { definition: modelDefinition(60 * minute, 'asks', ['unit', 'costUsd', 'experimentArm']) },
      { definition: modelDefinition(60 * minute, 'quiet') },
      ...labelled('asks', 100 * minute),
      ...labelled('quiet', 5 * minute),
    ];
    const carried = observationsOf(rows, new Set(rows.keys())).flatMap((each) =>
      each.flatMap((row) => (row.kind === 'labelled' ? [[row.arm, row.unit, row.latencyMs, row.costUsd]] : [])),
    );
    const nothing = ['', '', NaN, NaN];
    // A latency was not asked for, and `b` has no arm, unit or cost.
    expect(carried).toEqual([['a', 'customer-7', NaN, 0.25], nothing, nothing, nothing]);
  });

  it('joins an outcome to every version that scored the input, in the order of their names', () => {
    const rows = [
      { data: prediction({ input: 'a', version: 'v2', class: '0' }) },
      { data: prediction({ input: 'a', version: 'v1' }) },
      { data: prediction({ input: 'b', version: 'v1' }) },
      { data: outcome({ input: 'a', truth: '1', knownAtMs: 5 * minute }) },
      { data: outcome({ input: 'b', truth: '0', knownAtMs: 6 * minute }) },
    ];
    expect(told(rows)).toEqual([
      'v2 answers a: 0',
      'v1 answers a: 1',
      'v1 answers b: 1',
      '0 v1 a: 1/1 new known 5',
      '0 v2 a: 0/1 new known 5',
      '1 v1 b: 1/0 new known 6',
    ]);
  });

  it('joins a prediction that comes after its outcome, and repeats the others beside it', () => {
    const rows = [
      { data: outcome({ input: 'a', truth: '1', knownAtMs: minute }) },
      { data: prediction({ input: 'a', version: 'v1' }) },
      { data: prediction({ input: 'a', version: 'v2' }) },
    ];
    expect(told(rows)).toEqual([
      // It is passed on: it was accepted, and labels nothing yet.
      'outcome outcome/a/0',
      'v1 answers a: 1',
      '0 v1 a: 1/1 new known 1',
      'v2 answers a: 1',
      '1 v1 a: 1/1 repeated known 1',
      '1 v2 a: 1/1 new known 1',
    ]);
  });

  it('corrects by revision, in the bucket in which the label became known', () => {
    const rows = [
      { data: prediction({ input: 'a' }) },
      { data: outcome({ input: 'a', truth: '1', knownAtMs: minute, revision: 1 }) },
      { data: outcome({ input: 'a', truth: '0', knownAtMs: 2 * minute, revision: 1, id: 'other' }) },
      { data: outcome({ input: 'a', truth: '0', knownAtMs: 3 * minute, revision: 2 }) },
      { data: outcome({ input: 'a', truth: '0', knownAtMs: 4 * minute, revision: 3 }) },
      { data: outcome({ input: 'a', truth: '1', knownAtMs: 5 * minute, revision: 2, id: 'old' }) },
    ];
    expect(told(rows)).toEqual([
      'v1 answers a: 1',
      '0 v1 a: 1/1 new known 1',
      'refused other: duplicate',
      '1 v1 a: 1/0 corrected was 1 known 1',
      'refused old: duplicate',
    ]);
  });

  it('takes an outcome that carries its prediction', () => {
    const carries = { version: 'v1', class: '0', timeMs: minute };
    const rows = [
      { data: outcome({ input: 'a', truth: '1', knownAtMs: 2 * minute, carries }) },
      { data: outcome({ input: 'a', truth: '1', knownAtMs: 2 * minute, carries, id: 'again' }) },
    ];
    expect(told(rows)).toEqual(['v1 answers a: 0', '0 v1 a: 0/1 new known 2', 'refused again: duplicate']);
  });

  it('counts a version once an input, whatever the event is called', () => {
    const rows = [
      { data: prediction({ input: 'a', id: 'first' }) },
      { data: prediction({ input: 'a', id: 'second', class: '0' }) },
      { data: prediction({ input: 'a', version: 'v2', id: 'first' }) },
    ];
    expect(told(rows)).toEqual(['v1 answers a: 1', 'refused second: duplicate', 'v2 answers a: 1']);
  });

  it('counts an outcome without prediction as an orphan when its horizon has ended', () => {
    const rows = [
      { definition: modelDefinition(60 * minute) },
      { tick: 10 * minute },
      { data: prediction({ input: 'b', timeMs: 8 * minute }) },
      { tick: 11 * minute },
      { data: outcome({ input: 'a', truth: '1', knownAtMs: 11 * minute }) },
      { tick: 71 * minute },
      { tick: 71 * minute + 1 },
    ];
    expect(observationsOf(rows).map((each) => each.length)).toEqual([0, 0, 1, 0, 1, 0, 1]);
    expect(told(rows)).toEqual(['v1 answers b: 1', 'outcome outcome/a/0', 'refused outcome/a/0: orphan']);
  });

  it('does not label a failed prediction, and does not call its outcome an orphan', () => {
    const rows = [
      { data: prediction({ input: 'a', class: '', error: 'timeout' }) },
      { data: outcome({ input: 'a', truth: '1', knownAtMs: minute }) },
      { tick: 100_000 * minute },
    ];
    expect(told(rows)).toEqual(['v1 answers a: ', 'outcome outcome/a/0']);
  });

  it('refuses what is older than the horizon: it could not be told from a duplicate', () => {
    const rows = [
      { definition: modelDefinition(60 * minute) },
      { data: prediction({ input: 'first', timeMs: 0 }) },
      { tick: 100 * minute },
      { data: prediction({ input: 'a', id: 'old', timeMs: 40 * minute - 1 }) },
      { data: prediction({ input: 'a', id: 'just', timeMs: 40 * minute }) },
      { data: outcome({ input: 'a', truth: '1', knownAtMs: 39 * minute }) },
    ];
    expect(told(rows).slice(1)).toEqual(['refused old: too late', 'v1 answers a: 1', 'refused outcome/a/0: too late']);
  });

  it('takes history of a new model, however old, in any order, once, and joins it, for a horizon after its first event', () => {
    const day = 24 * 60 * minute;
    const rows: TestRow<IntakeRow>[] = [
      { tick: 100 * day },
      // Declared before its first event: that forgets nothing either.
      { definition: modelDefinition(60 * minute) },
      { data: prediction({ input: 'a', timeMs: 80 * day }) },
      { tick: 100 * day + 30 * minute },
      { data: prediction({ input: 'b', timeMs: 75 * day, class: '0' }) },
      { data: prediction({ input: 'a', timeMs: 80 * day, id: 'again' }) },
      { data: outcome({ input: 'a', truth: '1', knownAtMs: 81 * day }) },
      { tick: 100 * day + 60 * minute },
      { data: outcome({ input: 'b', truth: '1', knownAtMs: 76 * day }) },
      { tick: 100 * day + 60 * minute + 1 },
      { data: prediction({ input: 'c', timeMs: 80 * day, id: 'late' }) },
      { data: prediction({ input: 'a', timeMs: 80 * day, id: 'again' }) },
    ];
    const expected = [
      'v1 answers a: 1',
      'v1 answers b: 0',
      'refused again: duplicate',
      `0 v1 a: 1/1 new known ${(81 * day) / minute}`,
      `1 v1 b: 0/1 new known ${(76 * day) / minute}`,
      'refused late: too late',
      'refused again: too late',
    ];
    expect(told(rows)).toEqual(expected);
    expect(observationsOf(rows, new Set(rows.keys())).flat()).toEqual(observationsOf(rows).flat());
  });

  it('forgets by event time: an input can be asked again after the horizon', () => {
    const rows = [
      { definition: modelDefinition(60 * minute) },
      { data: prediction({ input: 'a' }) },
      { tick: 60 * minute },
      { data: prediction({ input: 'a', id: 'within', timeMs: 60 * minute }) },
      { tick: 60 * minute + 1 },
      { data: prediction({ input: 'a', id: 'after', timeMs: 60 * minute }) },
    ];
    expect(told(rows)).toEqual(['v1 answers a: 1', 'refused within: duplicate', 'v1 answers a: 1']);
  });

  it('does not take what a shorter horizon has forgotten for new when the horizon grows', () => {
    const rows = [
      { definition: modelDefinition(10 * minute) },
      { data: prediction({ input: 'a', timeMs: minute }) },
      { tick: 20 * minute },
      { definition: modelDefinition(60 * minute) },
      { data: prediction({ input: 'a', id: 'again', timeMs: minute }) },
    ];
    expect(told(rows)).toEqual(['v1 answers a: 1', 'refused again: too late']);
  });

  it('holds the events of a model that is deleted as long as those of one that nobody declared', () => {
    const rows = [
      { definition: modelDefinition(10 * minute) },
      { data: prediction({ input: 'a', timeMs: minute }) },
      { tick: 20 * minute },
      { definition: deletionOf('model', modelDefinition(0).name) },
      { data: prediction({ input: 'a', id: 'forgotten', timeMs: minute }) },
      { data: prediction({ input: 'b', timeMs: 20 * minute }) },
      { tick: 20 * 60 * minute },
      { data: prediction({ input: 'b', id: 'held', timeMs: 20 * minute }) },
    ];
    expect(told(rows)).toEqual([
      'v1 answers a: 1',
      'refused forgotten: too late',
      'v1 answers b: 1',
      'refused held: duplicate',
    ]);
  });

  it('lets every other event through once', () => {
    const rows = [{ data: deployment('d', 0) }, { data: deployment('d', 0) }, { data: deployment('e', 0) }];
    expect(told(rows)).toEqual(['deployment d', 'refused d: duplicate', 'deployment e']);
  });

  it('passes ticks and definitions on after its own rows', () => {
    const rows = [
      { data: outcome({ input: 'a', truth: '1', knownAtMs: 0 }) },
      { definition: modelDefinition(60 * minute) },
      { tick: 5_000 * minute },
    ];
    expect(runProcessor(joinProcessor, rows).map((row) => [row.topic, row.partition, row.content.kind])).toEqual([
      ['observations', 'same', 'data'],
      ['observations', 'same', 'definition'],
      ['observations', 'same', 'data'],
      ['observations', 'same', 'tick'],
    ]);
  });

  it('gives what a plain search through everything gives, whatever restarts come between', () => {
    for (let seed = 0; seed < 12; seed++) {
      const random = new SeededRandom(seed);
      const rows = randomIntake(random, 300);
      const expected = naiveJoin(rows);
      expect({ seed, observations: observationsOf(rows) }).toEqual({ seed, observations: expected });
      const restarts = new Set([...rows.keys()].filter(() => random.chance(10)));
      expect({ seed, observations: observationsOf(rows, restarts) }).toEqual({ seed, observations: expected });
    }
  });

  it('tells of releases what a plain list of answers tells, with and without deployment events', () => {
    let [inferred, overtaken] = [0, 0];
    for (let seed = 0; seed < 6; seed++) {
      const random = new SeededRandom(seed);
      const rows = randomReleases(random, 1000);
      const expected = naiveJoin(rows);
      const restarts = new Set([...rows.keys()].filter(() => random.chance(10)));
      expect({ seed, observations: observationsOf(rows, restarts) }).toEqual({ seed, observations: expected });
      for (const row of expected.flat()) {
        if (row.kind !== 'event' || row.event.kind.case !== 'deployment') continue;
        if (isInferred(row.event.kind.value.by)) inferred++;
        if (row.event.kind.value.role === Role.UNSPECIFIED) overtaken++;
      }
    }
    expect(inferred).toBeGreaterThan(20);
    expect(overtaken).toBeGreaterThan(2);
  });

  it('lets go of a large chunk over several ticks, whatever restarts come between', () => {
    const stored = new Map<string, Uint8Array>();
    const context = { environment: 'test', partition: 0, partitions: 1, life: 0 };
    let refusals: string[] = [];
    let state = joinProcessor.restore(stored, context);
    const emitter: Emitter = {
      emit: (_topic, _partition, value) => {
        const row = value as ObservationRow;
        if (row.kind === 'refusal') refusals.push(row.refusal.eventId);
      },
      forward: () => undefined,
      partitionsOf: () => 1,
      applying: () => true,
    };
    const origin = {
      source: { processor: '', partition: 0, epoch: 0 },
      position: { offset: 0, ordinal: 0 },
      tickMs: 0,
    };
    const ids = Array.from({ length: 70_000 }, (_, i) => `o${i}`);
    for (const id of ids) {
      const value = outcome({ input: id, truth: '1', knownAtMs: 0, id });
      state.apply({ ...origin, kind: 'data', value }, emitter);
    }
    const tick = (): string[] => {
      refusals = [];
      state.apply({ ...origin, tickMs: 1e9, kind: 'tick' }, emitter);
      for (const [key, bytes] of state.takeChanges()) {
        if (bytes === null) stored.delete(key);
        else stored.set(key, bytes);
      }
      state = joinProcessor.restore(stored, context);
      return refusals;
    };
    const [first, second, third] = [tick(), tick(), tick()];
    expect([...first, ...second]).toEqual(ids);
    expect(second.length).toBeGreaterThan(0);
    expect(third).toEqual([]);
    expect([...stored.keys()].filter((key) => key.startsWith('rows/'))).toEqual([]);
  });

  it('survives a restart before every row', () => {
    const rows = randomIntake(new SeededRandom(1), 250);
    expect(observationsOf(rows, new Set(rows.keys()))).toEqual(naiveJoin(rows));
  });
});
