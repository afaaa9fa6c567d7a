import { create } from '@bufbuild/protobuf';
import type { ActionIntent } from '@moola/contracts/gen/moola/v1/actions_pb';
import { SignalSchema } from '@moola/contracts/gen/moola/v1/signals_pb';
import { topics } from '@moola/contracts/topics';
import { traced } from '@moola/platform/tracing/traced';
import type { EffectSettings } from '@moola/streams/effects/effect';
import type { Acted } from './act-metrics.js';
import { perform, type ActionDependencies } from './perform.js';

/** What `startEffect` needs beside the environment's own. */
export type ActEffect = Pick<EffectSettings<ActionIntent>, 'name' | 'topic' | 'key' | 'perform'>;

/** Carries out the actions that the responder asks for; their results go back into `signals`. */
export function actEffect(dependencies: ActionDependencies, acted: Acted = () => undefined): ActEffect {
  return {
    name: 'responder/act',
    topic: topics.actions,
    key: ({ incident, step, attempt }) => JSON.stringify([incident, step, attempt]),
    async perform(intent, { stillOwner }) {
      if (!(await stillOwner())) return 'not-owner';
      const { atMs, model, incident, step } = intent;
      const attributes = { 'moola.incident': incident, 'moola.step': step };
      const value = await traced({ name: 'responder/act', kind: 'client', attributes }, () =>
        perform(dependencies, intent, new AbortController().signal),
      );
      acted(intent, value);
      const result = create(SignalSchema, { atMs, model, kind: { case: 'result', value } });
      return [{ topic: topics.signals, partition: 0, value: result }];
    },
  };
}
