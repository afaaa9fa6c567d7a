import { create } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { DeploymentSchema, Role, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
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
/** A deployment event; its time in seconds. */
const deployment = (version: string, at = 0, over: { role?: Role; incident?: string } = {}) =>
  create(DeploymentSchema, {
    ...{ model: 'fraud', version, role: Role.PRIMARY, time: timestampFromMs(at * second), ...over },
  });
/** What was never told before a deployment event and is inferred by it. */
const earlier = (serving: Serving, ...given: Parameters<typeof deployment>) =>
  said(serving.deployed(deployment(...given)).earlier);
/** A model of which v1 was deployed by an event at 0 and has answered until `to`, in seconds. */
function declared(to = 100): Serving {
  const serving = new Serving(new Map());
  serving.deployed(deployment('v1'));
  expect(inferred(run('v1', 0, to), serving)).toEqual([]);
  return serving;
}

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

  it('is what a deployment event says; the version before it is told', () => {
    const serving = new Serving(new Map());
    expect(inferred(run('v1', 0, 100), serving)).toEqual([]);
    expect(earlier(serving, 'v2', 100, { role: Role.SHADOW })).toEqual([]);
    expect(earlier(serving, 'v2', 105)).toEqual([['v1', 0]]);
    expect(earlier(serving, 'v3', 106)).toEqual([]);
    expect(inferred(run('v9', 110, 1000), serving)).toEqual([]);
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

describe('who serves a model whose producer forgets a deployment event', () => {
  it('is the version that has answered in its place for long and often enough', () => {
    expect(inferred(run('v2', 110, 400), declared())).toEqual([]);
    expect(inferred(run('v2', 110, 410), declared())).toEqual([['v2', 110]]);
    const seldom = Array.from({ length: 20 }, (_, i) => ['v2', 200 + i * 60] as const);
    expect(inferred(seldom.slice(0, 19), declared())).toEqual([]);
    expect(inferred(seldom, declared())).toEqual([['v2', 200]]);
  });

  it('stays the same while it goes on answering, and beside canaries and shadows', () => {
    const beside = run('v2', 110, 2000).flatMap((each, i) => [each, ...(i % 15 ? [] : [['v1', each[1]] as const])]);
    expect(inferred(beside, declared())).toEqual([]);
    for (const role of [Role.SHADOW, Role.CANARY]) expect(inferred(run('v2', 110, 2000), declared(), role)).toEqual([]);
  });

  it('is not decided by answers that come late', () => {
    expect(inferred([...run('v0', 0, 99, 1), ['v0', 600]], declared())).toEqual([]);
    expect(inferred([...run('v2', 110, 300), ['v1', 305], ...run('v2', 310, 600)], declared())).toEqual([]);
  });

  it('is what a later deployment event says, also of the version that was inferred', () => {
    const serving = declared();
    expect(inferred(run('v2', 110, 410), serving)).toEqual([['v2', 110]]);
    expect(serving.deployed(deployment('v2', 105))).toEqual({ earlier: [], overtaken: false });
    expect(serving.deployed(deployment('v3', 420))).toEqual({ earlier: [], overtaken: false });
    expect(inferred(run('v2', 430, 900), serving)).toEqual([]);
  });

  it('is not changed by a deployment event of the time before the takeover, unless a rollback sent it', () => {
    const serving = declared();
    inferred(run('v2', 110, 410), serving);
    expect(serving.deployed(deployment('v1', 50))).toEqual({ earlier: [], overtaken: true });
    expect(inferred(run('v2', 420, 1000), serving)).toEqual([]);
    expect(serving.deployed(deployment('v1', 50, { incident: 'fraud~drop~1' }))).toMatchObject({ overtaken: false });
  });

  it('is waited for until it has answered: half an hour, and for ever if it is the target of a rollback', () => {
    const released = new Serving(new Map());
    released.deployed(deployment('v2', 100));
    expect(inferred(run('v1', 90, 1900), released)).toEqual([]);
    expect(inferred(run('v1', 1910, 1910), released)).toEqual([['v1', 110]]);
    const rolledBack = declared();
    rolledBack.deployed(deployment('v0', 100, { incident: 'fraud~drop~1' }));
    expect(inferred(run('v1', 110, 9000), rolledBack)).toEqual([]);
    expect(inferred([...run('v0', 9000, 9100), ...run('v1', 9110, 9410)], rolledBack)).toEqual([['v1', 9110]]);
  });

  it('is deployed anew: its silence begins anew as well', () => {
    const serving = declared();
    expect(inferred(run('v2', 110, 390), serving)).toEqual([]);
    serving.deployed(deployment('v1', 395));
    expect(inferred(run('v2', 400, 690), serving)).toEqual([]);
    expect(inferred(run('v2', 700, 700), serving)).toEqual([['v2', 400]]);
  });

  it('is learnt anew where an earlier version of the state did not keep it', () => {
    const old = { declared: true, version: '', sinceMs: 0, lastMs: 0, told: false, next: null };
    const entries = new Map([['serving/fraud', Uint8Array.from([1, ...Buffer.from(JSON.stringify(old))])]]);
    const serving = new Serving(entries);
    expect(inferred([...run('v1', 0, 290), ...run('v2', 300, 600)], serving)).toEqual([]);
    expect(inferred(run('v2', 610, 610), serving)).toEqual([['v2', 300]]);
  });
});
