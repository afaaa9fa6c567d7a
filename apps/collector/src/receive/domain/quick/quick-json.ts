import type { IntakeRow } from '@moola/contracts/rows';
import type { TimeRange } from '../checks.js';
import { isObject } from '../json-object.js';
import { most } from '../limits.js';
import type { IdentifierHash } from '../receive.js';
import { OutcomeDraft } from './outcome-draft.js';
import { readPredictionJson } from './prediction-code.js';
import { PredictionDraft } from './prediction-draft.js';
import { QuickValues } from './quick-values.js';

/**
 * `QuickProtobuf` for events in JSON: takes what is plainly right, written with the proto3 mapping's own names, and gives
 * `null` for everything else, unknown fields among it.
 */
export class QuickJson {
  private readonly prediction = new PredictionDraft();
  private readonly outcome = new OutcomeDraft();
  private readonly values: QuickValues;

  constructor(identifiers: IdentifierHash | null) {
    this.values = new QuickValues(identifiers);
  }

  /** @returns a row with the id that the event has, which may be empty */
  read(event: unknown, range: TimeRange): IntakeRow | null {
    if (!isObject(event)) return null;
    const { values } = this;
    values.needsFallback = false;
    let id = '';
    let source = '';
    let draft: PredictionDraft | OutcomeDraft | null = null;
    for (const key in event) {
      const value = event[key];
      switch (key) {
        case 'id':
          id = values.text(value, most.name);
          break;
        case 'source':
          source = values.text(value, most.name);
          break;
        case 'prediction':
          if (draft !== null) return null;
          if (!isObject(value)) return null;
          draft = this.prediction;
          readPredictionJson(values, this.prediction, value);
          break;
        case 'outcome':
          if (draft !== null) return null;
          if (!isObject(value)) return null;
          draft = this.outcome;
          this.readOutcome(value);
          break;
        default:
          return null;
      }
    }
    return values.needsFallback || draft === null ? null : draft.row(id, source, range);
  }

  private readOutcome(outcome: Readonly<Record<string, unknown>>): void {
    const { outcome: draft, values } = this;
    draft.clear();
    for (const key in outcome) {
      const value = outcome[key];
      switch (key) {
        case 'model':
        case 'truth':
          draft[key] = values.text(value, most.name);
          break;
        case 'input':
          draft.input = values.identifier(value, most.input);
          break;
        case 'knownAt': {
          const { seconds, nanos } = values.instant(value);
          draft.seconds = seconds;
          draft.nanos = nanos;
          break;
        }
        case 'value':
          draft.value = values.number(value);
          break;
        case 'revision':
          draft.revision = values.number(value);
          if (!Number.isInteger(draft.revision) || draft.revision < 0 || draft.revision > 0xffffffff)
            values.needsFallback = true;
          break;
        default:
          values.needsFallback = true;
      }
    }
  }
}
