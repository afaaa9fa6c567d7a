import { hash } from 'node:crypto';
import { toBinary } from '@bufbuild/protobuf';
import type { NamedNumbers } from '@moola/contracts/columns/named-numbers';
import { EventSchema, type Event, type Outcome } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { PlainOutcome } from '@moola/contracts/plain-outcome';
import type { IntakeRow, PredictionRow } from '@moola/contracts/rows';

/**
 * The id of an event that came without one: a hash of its content, its time included, so that a repetition is told from
 * another event, whichever way it came. The first 128 bits of SHA-256.
 * @param row with an empty id
 */
export function contentId(row: IntakeRow): string {
  return `sha256-${hash('sha256', contentOf(row), 'hex').slice(0, 32)}`;
}

const laterColumns = ['probabilities', 'unit'] as const;

/** Empty where it is absent. */
function valueText(value: string | NamedNumbers): string {
  return typeof value === 'string' ? value : sortedEntries(value);
}

/** Texts hold no control characters, so this stands between them. */
const separator = '\0';

/** Written out: this is done for each row of a log. */
function predictionText(row: PredictionRow): string {
  const { source, model, version, build, role, input, timeMs, value, score, latencyMs, costUsd, error, arm } = row;
  let text = ['prediction', source, model, version, build, role, input, timeMs, row.class].join(separator);
  text += separator + [value, score, latencyMs, costUsd, error, arm].join(separator);
  text += separator + sortedEntries(row.segments) + separator + sortedEntries(row.features);
  // Columns that came later count where they are there: an event without them keeps its id.
  for (const name of laterColumns) {
    const later = valueText(row[name]);
    if (later !== '') text += `${separator}${name}=${later}`;
  }
  return text;
}

function contentOf(row: IntakeRow): string | Uint8Array {
  if (row.kind === 'prediction') return predictionText(row);
  if (!(row instanceof PlainOutcome)) return eventContent(row.event);
  const { source, model, input, truth, value, revision, knownSeconds: seconds, knownNanos: nanos } = row;
  return outcomeText(source, { model, input, truth, value, revision, knownAt: { seconds, nanos } });
}

function eventContent(event: Event): string | Uint8Array {
  const { kind, source } = event;
  if (kind.case !== 'outcome' || kind.value.prediction) return toBinary(EventSchema, event);
  return outcomeText(source, kind.value);
}

interface OutcomeContent extends Pick<Outcome, 'model' | 'input' | 'truth' | 'revision'> {
  readonly value?: number | undefined;
  readonly knownAt?: { readonly seconds: bigint | number; readonly nanos: number } | undefined;
}

function outcomeText(source: string, { model, input, knownAt, truth, value, revision }: OutcomeContent): string {
  return ['outcome', source, model, input, knownAt?.seconds, knownAt?.nanos, truth, value, revision].join(separator);
}

/** In whichever order they came. */
function sortedEntries(map: Readonly<Record<string, string | number>>): string {
  const keys = Object.keys(map);
  if (keys.length === 0) return '';
  return JSON.stringify(keys.sort().map((key) => [key, map[key]]));
}
