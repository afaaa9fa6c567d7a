import { timestampMs } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { Role, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { prediction } from '../story/events.js';
import { Serving } from './serving.js';

const second = 1000;
const said = (events: readonly Event[]) =>
  events.map(({ kind }) => kind.case === 'deployment' && [kind.value.version, timestampMs(kind.value.time!) / second]);

/** Answers of versions, `[version, second]` each; what is inferred from them. */
function inferred(
  answers: readonly (readonly [string, number])[],
  serving = new Serving(new Map()),
  role = Role.PRIMARY,
) {
  serving.begin('fraud');
  return answers.flatMap(([version, at], i) =>
    said(
      serving.answered(prediction({ model: 'fraud', version, role, input: `${i}`, timeMs: at * second, id: `${i}` })),
    ),
  );
}
const run = (version: string, from: number, to: number, step = 10) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => [version, from + i * step] as const);
const deployment = (version: string, role = Role.PRIMARY) => ({ model: 'fraud', version, role }) as never;

describe('who serves a model without deployment events', () => {
  it('is the version that answers as primary: nothing has to be inferred of it alone', () =>
    expect(inferred(run('v1', 0, 600))).toEqual([]));

  it('is the version that has taken over, since its first answer; of the one before the deployment is told as well', () =>
    expect(inferred([...run('v1', 0, 100), ...run('v2', 110, 300)])).toEqual([
      ['v1', 0],
      ['v2', 110],
    ]));

  it('takes over once: the next release tells of itself alone', () =>
    expect(inferred([...run('v1', 0, 100), ...run('v2', 110, 300), ...run('v3', 310, 500)])).toEqual([
      ['v1', 0],
      ['v2', 110],
      ['v3', 310],
    ]));

  it('stays the same while it goes on answering beside another one', () =>
    expect(inferred(run('v1', 0, 600).flatMap((each, i) => [each, ['v2', each[1] + 1 + (i % 2)] as const]))).toEqual(
      [],
    ));

  it('stays the same while two that seldom answer take turns', () =>
    expect(inferred(Array.from({ length: 40 }, (_, i) => [i % 2 ? 'v2' : 'v1', i * 90] as const))).toEqual([]));

  it('is not decided by late answers, by few, or by those of a shadow', () => {
    expect(inferred([...run('v1', 500, 1000), ...run('v0', 0, 490)])).toEqual([]);
    expect(inferred([...run('v1', 0, 100), ...run('v0', 0, 90), ['v0', 170]])).toEqual([]);
    expect(inferred([...run('v1', 0, 100), ...run('v2', 170, 200)])).toEqual([]);
    expect(inferred([...run('v1', 0, 100), ...run('v2', 110, 300)], new Serving(new Map()), Role.SHADOW)).toEqual([]);
  });

  it('is what deployment events say from the first one on; the version before it is told', () => {
    const serving = new Serving(new Map());
    expect(inferred(run('v1', 0, 100), serving)).toEqual([]);
    expect(said(serving.deployed(deployment('v2', Role.SHADOW)))).toEqual([]);
    expect(said(serving.deployed(deployment('v2')))).toEqual([['v1', 0]]);
    expect(said(serving.deployed(deployment('v3')))).toEqual([]);
    expect(inferred(run('v9', 110, 600), serving)).toEqual([]);
  });

  it('is not inferred of a model that is older than this state', () => {
    const serving = new Serving(new Map());
    const answers = [...run('v1', 0, 100), ...run('v2', 110, 300)];
    const events = answers.flatMap(([version, at]) =>
      serving.answered(
        prediction({ model: 'old', version, role: Role.PRIMARY, input: `${at}`, timeMs: at * second, id: `${at}` }),
      ),
    );
    expect(events).toEqual([]);
  });

  it('goes on from a checkpoint', () => {
    const before = new Serving(new Map());
    inferred([...run('v1', 0, 100), ...run('v2', 110, 150)], before);
    const changes = new Map<string, Uint8Array | null>();
    before.takeChanges(changes);
    const after = new Serving(new Map([...changes].filter((each): each is [string, Uint8Array] => each[1] !== null)));
    expect(inferred(run('v2', 160, 200), after)).toEqual([
      ['v1', 0],
      ['v2', 110],
    ]);
  });
});
