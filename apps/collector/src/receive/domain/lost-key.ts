import { fromBinary } from '@bufbuild/protobuf';
import { EventSchema, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { invalid } from './checks.js';
import { isObject } from './json-object.js';
import type { Refused } from './refused.js';

/**
 * The one key that the maps of a decoded event would lose without a word: on a JavaScript object it is the prototype. An
 * event that has it is refused.
 */
const lostKey = '__proto__';
/** Of the same length, in bytes too, and no key that is allowed. */
const standIn = '__pr\u0001to__';

const maps = ['segments', 'features'] as const;

/** Looks for the key in an event as `JSON.parse` gives it, which keeps it. */
export function lostKeyInJson(event: unknown): Refused | null {
  if (!isObject(event)) return null;
  const { prediction, outcome } = event;
  return ofPrediction('prediction', prediction, lostKey) ?? ofOutcome(outcome, lostKey);
}

/** Looks for the key in the bytes of an event that can be decoded. */
export function lostKeyInProtobuf(bytes: Buffer): Refused | null {
  if (!bytes.includes(lostKey)) return null;
  const copy = Buffer.from(bytes);
  for (let at = copy.indexOf(lostKey); at >= 0; at = copy.indexOf(lostKey, at)) copy.write(standIn, at, 'latin1');
  const { kind }: Event = fromBinary(EventSchema, copy);
  if (kind.case === 'prediction') return ofPrediction('prediction', kind.value, standIn);
  return kind.case === 'outcome' ? ofOutcome(kind.value, standIn) : null;
}

function ofOutcome(outcome: unknown, key: string): Refused | null {
  return isObject(outcome) ? ofPrediction('outcome.prediction', outcome['prediction'], key) : null;
}

function ofPrediction(field: string, prediction: unknown, key: string): Refused | null {
  if (!isObject(prediction)) return null;
  const found = maps.find((map) => {
    const entries = prediction[map];
    return isObject(entries) && Object.hasOwn(entries, key);
  });
  return found === undefined ? null : invalid(`${field}.${found}`, `has the key "${lostKey}", which is not allowed`);
}
