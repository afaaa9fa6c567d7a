import { deployment } from './event-kinds/deployment.js';
import type { EventCase, EventKind } from './event-kinds/event-kind.js';
import { infrastructureSample } from './event-kinds/infrastructure-sample.js';
import { measurement } from './event-kinds/measurement.js';
import { outcome } from './event-kinds/outcome.js';
import { prediction } from './event-kinds/prediction.js';
import { trainingProgress } from './event-kinds/training-progress.js';

/** Every kind of events. */
export const eventKinds = {
  prediction,
  outcome,
  deployment,
  trainingProgress,
  infrastructureSample,
  measurement,
} as const satisfies { readonly [C in EventCase]: EventKind<C> };

export const eventCases = Object.keys(eventKinds) as readonly EventCase[];
