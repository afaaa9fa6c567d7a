import { hash } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { Definition, InfrastructureDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { EventSchema, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { withinTime } from '@moola/platform/http/within-time';
import type { Clock } from '@moola/streams/ports/clock';
import { askPrometheus } from './ask-prometheus.js';
import { sampleFields } from './domain/sample-fields.js';
import { samplesOf, type FieldSeries, type InstanceSample } from './domain/samples.js';
import type { PrometheusServer } from './prometheus-servers.js';

/** A definition to ask for. */
export interface Asking {
  readonly name: string;
  readonly version: number;
  readonly definition: InfrastructureDefinition;
}

/** The asking that a record declares; `null`: it is of another kind. */
export function askingOf({ name, version, kind }: Definition): Asking | null {
  return kind.case === 'infrastructure' ? { name, version, definition: kind.value } : null;
}

/** What came of asking once. */
export interface Round {
  readonly events: readonly Event[];
  readonly instances: number;
  readonly valuesDropped: number;
  /** A line each. */
  readonly problems: readonly string[];
  /** The server did not answer, or said that it will not. */
  readonly isAway: boolean;
}

export interface AskOptions {
  readonly clock: Clock;
  /** How long one query may take. */
  readonly timeoutMs: number;
  /** Aborts what is under way. */
  readonly signal: AbortSignal;
}

/** Asks every query of a definition for one instant, one after the other, and makes samples of the answers. */
export async function askOnce(
  asking: Asking,
  server: PrometheusServer,
  atMs: number,
  { clock, timeoutMs, signal }: AskOptions,
): Promise<Round> {
  const { definition } = asking;
  const answered: FieldSeries[] = [];
  const problems: string[] = [];
  let isAway = false;
  let malformed = 0;
  for (const field of sampleFields) {
    const promql = definition.queries[field];
    if (promql === undefined || isAway || signal.aborted) continue;
    const answer = await withinTime(clock, timeoutMs, (inTime) =>
      askPrometheus(server, { promql, atMs, timeoutMs }, AbortSignal.any([signal, inTime])),
    );
    if (answer.ok) {
      answered.push({ field, series: answer.series });
      malformed += answer.malformed;
      if (answer.malformed > 0) problems.push(`${field}: ${answer.malformed} series are no numbers (histograms?)`);
      if (answer.warning !== null) problems.push(`${field}: the server warns: ${answer.warning}`);
    } else if ('isAway' in answer) {
      isAway = true;
      problems.push(`${definition.server} ${answer.problem}`);
    } else problems.push(`${field}: ${definition.server} ${answer.problem}`);
  }
  const {
    samples,
    dropped,
    problems: ofValues,
  } = samplesOf(answered, { instanceLabel: definition.instanceLabel, askedMs: atMs });
  const nothing = answered.length > 0 && !isAway && answered.every(({ series }) => series.length === 0);
  if (nothing && malformed === 0)
    problems.push('no query answers a series: is the selector right, and is anything scraped?');
  return {
    events: samples.map((sample) => eventOf(asking, sample)),
    instances: new Set(samples.map(({ instance }) => instance)).size,
    valuesDropped: dropped + malformed,
    problems: [...problems, ...ofValues],
    isAway,
  };
}

/** What a repetition of the same question answers has the same ids, whoever asks: it counts once. */
function eventOf({ name, definition }: Asking, { instance, timeMs, figures }: InstanceSample): Event {
  const id = hash('sha256', JSON.stringify([name, definition.model, instance, timeMs]), 'hex').slice(0, 32);
  return create(EventSchema, {
    id,
    source: `infrastructure/${name}`,
    kind: {
      case: 'infrastructureSample',
      value: { model: definition.model, instance, time: timestampFromMs(timeMs), ...figures },
    },
  });
}
