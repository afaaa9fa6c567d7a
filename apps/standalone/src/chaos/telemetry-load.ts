import { create, toBinary, toJsonString } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { EventSchema, Role, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { Random } from '@moola/streams/adapters/simulated/random';

const bucketMs = 60_000;
const versions = [
  { version: 'v1', role: Role.PRIMARY },
  { version: 'v2', role: Role.SHADOW },
] as const;

/** A record of `telemetry`. */
export interface TelemetryRecord {
  readonly value: Buffer;
  readonly contentType: string;
}

/** What one closed bucket of a version must say in the end. */
export interface BucketCounts {
  predictions: number;
  errors: number;
  labelled: number;
  correct: number;
}

/** What a model must say in the end. */
export interface ModelCounts {
  predictions: number;
  /** Inputs whose truth is known, answered by both versions. */
  pairs: number;
  firstOnly: number;
  secondOnly: number;
}

/**
 * Telemetry of some models, two versions each, and beside it, counted as plainly as can be, what must come of it: the oracle.
 * Some events are sent twice, some in JSON; outcomes come after a while.
 */
export class TelemetryLoad {
  readonly buckets = new Map<string, BucketCounts>();
  readonly models = new Map<string, ModelCounts>();
  /** Predictions that are sent twice on purpose, by model. */
  readonly duplicates = new Map<string, { least: number }>();
  private readonly open: { readonly model: string; readonly input: string; readonly answers: Answer[] }[] = [];
  private inputs = 0;

  constructor(
    private readonly random: Random,
    readonly modelNames: readonly string[],
  ) {
    for (const model of modelNames) {
      this.models.set(model, { predictions: 0, pairs: 0, firstOnly: 0, secondOnly: 0 });
      this.duplicates.set(model, { least: 0 });
    }
  }

  /** The deployments, to be sent before all else. */
  begin(timeMs: number): TelemetryRecord[] {
    return this.modelNames.flatMap((model) =>
      versions.map(({ version, role }) =>
        this.record({
          ...{ id: `${model}/${version}`, source: 'chaos' },
          kind: { case: 'deployment', value: { model, version, role, time: timestampFromMs(timeMs), by: 'chaos' } },
        }),
      ),
    );
  }

  /** The next inputs, each answered by both versions at `timeMs`, and outcomes of earlier ones. */
  next(inputs: number, timeMs: number): TelemetryRecord[] {
    const records: TelemetryRecord[] = [];
    for (let n = 0; n < inputs; n++) {
      const model = this.random.pick(this.modelNames) as string;
      const input = `input-${this.inputs++}`;
      const answers = versions.map(({ version, role }) => this.answer(model, version, role, timeMs));
      for (const answer of answers) records.push(...this.sent(this.prediction(model, input, answer), model));
      this.open.push({ model, input, answers });
      if (this.open.length > 200) records.push(...this.outcome(timeMs));
    }
    return this.random.shuffled(records);
  }

  /** The outcomes that are still missing. */
  end(timeMs: number): TelemetryRecord[] {
    const records: TelemetryRecord[] = [];
    while (this.open.length > 0) records.push(...this.outcome(timeMs));
    return records;
  }

  private answer(model: string, version: string, role: Role, timeMs: number): Answer {
    const answer: Answer = {
      ...{ version, role, timeMs, class: this.random.chance(0.5) ? '1' : '0' },
      error: this.random.chance(0.02) ? 'timeout' : '',
    };
    const bucket = this.bucket(model, answer);
    bucket.predictions++;
    if (answer.error !== '') bucket.errors++;
    this.counts(model).predictions++;
    return answer;
  }

  private prediction(model: string, input: string, answer: Answer): Event {
    const { version, role, timeMs, error } = answer;
    const value = { model, version, role, input, time: timestampFromMs(timeMs), latencyMs: 100, error };
    return create(EventSchema, {
      ...{ id: `${input}/${version}`, source: 'chaos' },
      kind: { case: 'prediction', value: { ...value, class: error === '' ? answer.class : '' } },
    });
  }

  private outcome(timeMs: number): TelemetryRecord[] {
    const [found] = this.open.splice(this.random.below(this.open.length), 1);
    if (found === undefined) return [];
    const { model, input, answers } = found;
    const truth = this.random.chance(0.5) ? '1' : '0';
    const right = answers.map((answer) => {
      if (answer.error !== '') return null;
      const bucket = this.bucket(model, answer);
      bucket.labelled++;
      if (answer.class === truth) bucket.correct++;
      return answer.class === truth;
    });
    const [first, second] = right;
    if (typeof first === 'boolean' && typeof second === 'boolean') {
      const counts = this.counts(model);
      counts.pairs++;
      if (first && !second) counts.firstOnly++;
      if (second && !first) counts.secondOnly++;
    }
    const value = { model, input, knownAt: timestampFromMs(timeMs), truth };
    return [this.record({ id: `${input}/truth`, source: 'chaos', kind: { case: 'outcome', value } })];
  }

  /** The event once, or now and then twice. */
  private sent(event: Event, model: string): TelemetryRecord[] {
    if (!this.random.chance(0.02)) return [this.record(event)];
    (this.duplicates.get(model) as { least: number }).least++;
    return [this.record(event), this.record(event)];
  }

  private record(init: Parameters<typeof create<typeof EventSchema>>[1]): TelemetryRecord {
    const event = create(EventSchema, init);
    return this.random.chance(0.2)
      ? { value: Buffer.from(toJsonString(EventSchema, event)), contentType: 'application/json' }
      : { value: Buffer.from(toBinary(EventSchema, event)), contentType: 'application/x-protobuf' };
  }

  private bucket(model: string, { version, role, timeMs }: Answer): BucketCounts {
    const key = bucketKey(model, version, role, Math.floor(timeMs / bucketMs) * bucketMs);
    let bucket = this.buckets.get(key);
    if (bucket === undefined) this.buckets.set(key, (bucket = { predictions: 0, errors: 0, labelled: 0, correct: 0 }));
    return bucket;
  }

  private counts(model: string): ModelCounts {
    return this.models.get(model) as ModelCounts;
  }
}

interface Answer {
  readonly version: string;
  readonly role: Role;
  readonly timeMs: number;
  readonly class: string;
  readonly error: string;
}

export function bucketKey(model: string, version: string, role: Role, startMs: number): string {
  return `${model} ${version} ${Role[role]} ${new Date(startMs).toISOString()}`;
}
