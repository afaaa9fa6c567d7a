import type { Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';

/** Replaces the identifiers of an event (fields of class `FIELD_CLASS_IDENTIFIER`), in place. */
export function replaceIdentifiers({ kind }: Event, replace: (identifier: string) => string): void {
  switch (kind.case) {
    case 'prediction':
      kind.value.input = replace(kind.value.input);
      return;
    case 'outcome':
      kind.value.input = replace(kind.value.input);
      if (kind.value.prediction) kind.value.prediction.input = kind.value.input;
      return;
    case 'deployment':
      if (kind.value.by !== '') kind.value.by = replace(kind.value.by);
      return;
    case 'trainingProgress':
    case 'infrastructureSample':
    case undefined:
      return;
  }
}
