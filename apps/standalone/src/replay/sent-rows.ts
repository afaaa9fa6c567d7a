import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { joinedKey } from '@moola/contracts/joined-key';
import { EventSchema, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { StepDeployment } from './replay-state.js';

/** What a release, or a rollback, is to the services. */
export function deploymentEvent(model: string, deployment: StepDeployment): Event {
  const { version, build, role, timeMs, by, incident } = deployment;
  return create(EventSchema, {
    id: joinedKey(model, version, build, role, timeMs),
    source: 'replay',
    kind: { case: 'deployment', value: { model, version, build, role, time: timestampFromMs(timeMs), by, incident } },
  });
}
