import { create } from '@bufbuild/protobuf';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ActionIntentSchema, ActionOutcome } from '@moola/contracts/gen/moola/v1/actions_pb';
import { topics } from '@moola/contracts/topics';
import { Metrics } from '@moola/platform/metrics/metrics';
import type { EnvironmentTime } from '@moola/streams/task/environment-time';
import { eventually } from '@moola/streams/testing/eventually';
import { ModuleOnLog } from '@moola/testing/module-on-log';
import { ActMetrics } from './act/act-metrics.js';
import { ResponderModule } from './responder.module.js';
import { declared, IncidentStory, STORY_BEGINS_MS } from './testing/incident-story.js';

describe('the responder, on a durable log', () => {
  let responder: ModuleOnLog;
  const metrics = new Metrics('responder');
  afterEach(() => responder.close());

  async function start(time: EnvironmentTime): Promise<void> {
    const dependencies = { registry: null, nowMs: () => STORY_BEGINS_MS, readBackAfterMs: [] };
    const acted = new ActMetrics(metrics).of(time);
    const module = ResponderModule.with({
      time,
      partitions: 1,
      decide: { actionsExpireAfterMs: 0 },
      dependencies,
      acted,
    });
    responder = await ModuleOnLog.start(module, time);
  }

  const told = async () => (await responder.data(topics.incidents)).map(({ kind }) => kind.case);

  const data = (story: IncidentStory) =>
    story.rows.flatMap((row) => ('data' in row ? [{ kind: 'data', value: row.data } as const] : []));
  const story = () => new IncidentStory('LSTM', declared('LSTM'));
  const alert = data(story().deployed('v1').alert('AccuracyDrop', 'v1', 'firing'));
  const acknowledgement = data(story().acknowledges('ada', 'LSTM~AccuracyDrop~1', 1));
  const tick = { kind: 'tick', tickMs: STORY_BEGINS_MS } as const;

  it('takes signals as they come', async () => {
    await start('wall');
    await responder.appendFrom('tracker', topics.signals, ...alert);
    await responder.append(topics.signals, ...acknowledgement);
    await eventually('it is acknowledged', async () => (await told()).includes('acknowledged'));
  });

  it('takes the signals of a replay in the order of the merge, however they came', async () => {
    await start('replay');
    await responder.appendFrom('tracker', topics.signals, ...alert, tick);
    await responder.append(topics.signals, ...acknowledgement, tick);
    for (const writer of ['bridge', 'experiment']) await responder.appendFrom(writer, topics.signals, tick);
    await eventually('the incident is open', async () => (await told()).includes('opened'));
    // A person's word comes first in its tick: there was no incident to acknowledge yet.
    expect((await told()).slice(0, 2)).toEqual(['commandRefused', 'opened']);
  });

  it('carries out what was asked for, and puts the result on the record', async () => {
    await start('wall');
    const value = { registeredModel: 'LSTM', alias: 'champion', from: 'v2', to: 'v1' };
    const intent = create(ActionIntentSchema, {
      ...{ atMs: STORY_BEGINS_MS, incident: 'LSTM~AccuracyDrop~1', step: 1, attempt: 1, model: 'LSTM' },
      kind: { case: 'moveAlias', value },
    });
    await responder.append(topics.actions, { kind: 'data', value: intent });
    const results = async () =>
      (await responder.data(topics.signals)).flatMap(({ kind }) => (kind.case === 'result' ? [kind.value] : []));
    await eventually('the result is there', async () => (await results()).length > 0);
    expect(await results()).toMatchObject([
      { incident: 'LSTM~AccuracyDrop~1', step: 1, outcome: ActionOutcome.FAILED },
    ]);
    expect((await metrics.registry.getSingleMetric('moola_actions_total')?.get())?.values).toEqual([
      { value: 1, labels: { environment: 'wall', kind: 'move-alias', outcome: 'failed' } },
    ]);
  });
});
