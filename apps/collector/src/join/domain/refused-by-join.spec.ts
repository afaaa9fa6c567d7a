import { describe, expect, it } from '@jest/globals';
import { deletionOf } from '@moola/contracts/definitions/in-force';
import type { DeadLetter } from '@moola/contracts/gen/moola/v1/dead_letters_pb';
import type { IntakeRow } from '@moola/contracts/rows';
import { runProcessor, type TestRow } from '@moola/testing/run-processor';
import { joinLetter } from '../join-letter.js';
import { deployment, minute, modelDefinition, outcome, prediction } from '../story/events.js';
import { createJoin } from './join-processor.js';

const most = 2;
const join = createJoin(undefined, {
  mostUndeclaredModels: most,
  letter: (refusal) => joinLetter(Buffer.alloc(32, 7), refusal),
});
const hour = 60 * minute;

let count = 0;
const of = (model: string, timeMs = 0): IntakeRow =>
  prediction({ model, timeMs, input: `i${count}`, id: `p${count++}` });
const byKafka = (data: IntakeRow): TestRow<IntakeRow> => ({ data, source: 'collector/receive' });
const byHttp = (data: IntakeRow): TestRow<IntakeRow> => ({ data });

function told(rows: readonly TestRow<IntakeRow>[], restartBefore: ReadonlySet<number> = new Set()) {
  const emitted = runProcessor(join, rows, { restartBefore });
  const values = <T>(topic: string) =>
    emitted.flatMap((row) => (row.topic === topic && row.content.kind === 'data' ? [row.content.value as T] : []));
  const letters = values<DeadLetter>('dead-letters').map(({ origin, detail, events }) => ({ origin, detail, events }));
  const taken = values<IntakeRow>('observations').flatMap((row) => (row.kind === 'prediction' ? [row.model] : []));
  return { taken, letters, observations: values<{ readonly kind: string }>('observations') };
}

describe('models that nobody declared, by telemetry', () => {
  const flood = () => [...'abcd'].map((name) => byKafka(of(name)));

  it('are taken up to so many; the events of the others are counted in a letter at once and one a minute', () => {
    const rows = [...flood(), ...flood(), { tick: minute }, ...flood(), { tick: 3 * minute }];
    for (const restarts of [new Set<number>(), new Set(rows.keys())]) {
      const { taken, letters, observations } = told(rows, restarts);
      expect(taken).toEqual([...'ababab']);
      // Nothing of the others goes further: a refusal would be a name downstream as well.
      expect(JSON.stringify(observations)).not.toMatch(/"[cd]"/);
      expect(letters.map(({ origin, events }) => [origin, events])).toEqual([
        ['collector/join', 1],
        ['collector/join', 3],
        ['collector/join', 2],
      ]);
      expect(letters[0]?.detail).toContain(
        'model "c" is a model that nobody declared, and 2 of those send events already',
      );
      expect(letters[0]?.detail).toContain('MOOLA_MAXIMUM_UNDECLARED_MODELS');
      expect(letters[1]?.detail).toContain('with it 2 more since the letter before');
    }
  });

  it('make room when one is declared, and declared ones are never refused', () => {
    const rows = [
      ...[byKafka(of('a')), byKafka(of('b')), { definition: modelDefinition(hour, 'declared') }],
      ...[byKafka(of('declared')), byKafka(of('c')), { definition: modelDefinition(hour, 'a') }, byKafka(of('c'))],
      ...[byKafka(of('d')), { definition: deletionOf('model', 'a') }, byKafka(of('a')), byKafka(of('e'))],
    ];
    expect(told(rows).taken).toEqual(['a', 'b', 'declared', 'c', 'a']);
    expect(told(rows, new Set(rows.keys())).taken).toEqual(['a', 'b', 'declared', 'c', 'a']);
  });

  it('are counted whatever kind of event they send, and whichever way it came', () => {
    const other = deployment('d', 0);
    expect(told([byKafka(other), byHttp(of('b')), byKafka(of('c')), byKafka(of('fraud'))]).taken).toEqual([
      'b',
      'fraud',
    ]);
    const deployed = told([byKafka(of('a')), byKafka(of('b')), byKafka(other)]);
    expect(deployed.observations.map(({ kind }) => kind)).toEqual(['prediction', 'prediction']);
    expect(deployed.letters).toHaveLength(1);
  });

  it('are not refused where they came by HTTP, which has answered already', () => {
    expect(told([...'abcd'].map((name) => byHttp(of(name)))).taken).toEqual([...'abcd']);
  });
});

describe('what comes too late by telemetry', () => {
  it('is counted, and told of with the time from which on events are kept and the setting', () => {
    const now = 100 * hour;
    const rows = [
      { definition: modelDefinition(hour) },
      ...[{ tick: now }, byKafka(of('fraud', now)), { tick: now + 3 * hour }],
      ...[byKafka(of('fraud', now)), byKafka(of('fraud', now + 1))],
      byKafka(outcome({ input: 'x', truth: '1', knownAtMs: now })),
      { tick: now + 4 * hour },
    ];
    const { letters, observations } = told(rows, new Set(rows.keys()));
    expect(observations.filter(({ kind }) => kind === 'refusal')).toHaveLength(3);
    expect(letters).toEqual([
      {
        origin: 'collector/join',
        events: 1,
        detail: expect.stringMatching(
          /^prediction\.time is 1970-01-05T04:00:00\.000Z: .* before 1970-01-05T06:00.*labelHorizon/,
        ),
      },
      {
        origin: 'collector/join',
        events: 2,
        detail: expect.stringContaining('with it 1 more since the letter before'),
      },
    ]);
  });
});
