import type { EventCase } from '@moola/contracts/event-kinds/event-kind';
import { deployment } from './kinds/deployment.js';
import { infrastructureSample } from './kinds/infrastructure-sample.js';
import { measurement } from './kinds/measurement.js';
import { outcome } from './kinds/outcome.js';
import { prediction } from './kinds/prediction.js';
import type { ReceivedKind } from './kinds/received-kind.js';
import { trainingProgress } from './kinds/training-progress.js';

const kinds: { readonly [C in EventCase]: ReceivedKind<C> } = {
  prediction,
  outcome,
  deployment,
  trainingProgress,
  infrastructureSample,
  measurement,
};

export function receivedKind<C extends EventCase>(kind: C): ReceivedKind<C> {
  return kinds[kind];
}
