import { create, toBinary } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { EventBatchSchema, Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';

/** A prediction as a producer would send it; `index` makes it one of its own. */
const fields = (model, index, latencyMs) => ({
  model,
  version: 'v1',
  input: `transaction-${index}`,
  class: index % 3 === 0 ? '1' : '0',
  score: 0.25 + (index % 50) / 100,
  latencyMs,
  costUsd: 0.0004,
});

const writers = {
  'application/x-protobuf': (predictions, nowMs) => {
    const time = timestampFromMs(nowMs);
    const events = predictions.map((prediction) => ({
      id: `${prediction.model}/${prediction.input}`,
      source: 'bench',
      kind: { case: 'prediction', value: { ...prediction, role: Role.PRIMARY, time } },
    }));
    return Buffer.from(toBinary(EventBatchSchema, create(EventBatchSchema, { events })));
  },
  'application/x-ndjson': (predictions, nowMs) => {
    const time = new Date(nowMs).toISOString();
    const lines = predictions.map((prediction) =>
      JSON.stringify({
        id: `${prediction.model}/${prediction.input}`,
        source: 'bench',
        prediction: { ...prediction, role: 'ROLE_PRIMARY', time },
      }),
    );
    return Buffer.from(lines.join('\n'));
  },
};

/** Makes bodies whose events are all different, spread over models. */
export class Bodies {
  #made = 0;

  constructor(models) {
    this.models = models;
  }

  /** @returns the body, and how many of its predictions each model gets */
  next(contentType, count) {
    const byModel = new Map();
    const predictions = Array.from({ length: count }, () => {
      const index = this.#made++;
      const model = this.models[index % this.models.length];
      byModel.set(model, (byModel.get(model) ?? 0) + 1);
      return fields(model, index, 5 + (index % 20));
    });
    return { body: writers[contentType](predictions, Date.now()), byModel };
  }

  /** One prediction with a latency of its own. */
  static single(model, index, latencyMs) {
    return writers['application/x-ndjson']([fields(model, index, latencyMs)], Date.now());
  }
}
