import type { IntakeRow } from '@moola/contracts/rows';
import { eventTag, outcomeTag } from '@moola/contracts/telemetry-tags';
import type { TimeRange } from '../checks.js';
import { most } from '../limits.js';
import type { IdentifierHash } from '../receive.js';
import { eventFields, outcomeFields } from './known-fields.js';
import { OutcomeDraft } from './outcome-draft.js';
import { readPredictionWire } from './prediction-code.js';
import { PredictionDraft } from './prediction-draft.js';
import { WireFields } from './wire-fields.js';

/**
 * Reads a `moola.v1.Event` in one pass over its bytes: validated, anonymised, a row at the end. It takes only what is
 * plainly right and common, and gives `null` for everything else: what is wrong, rare, or written in an unusual way is
 * decided by the generated reader and `receive`. What it takes equals what those give.
 */
export class QuickProtobuf {
  /** Fields of newer producers that were passed over, of all events that were taken. */
  unknownFields = 0;
  private readonly fields: WireFields;
  private readonly prediction = new PredictionDraft();
  private readonly outcome = new OutcomeDraft();

  constructor(identifiers: IdentifierHash | null) {
    this.fields = new WireFields(identifiers);
  }

  /** @returns a row with the id that the event has, which may be empty */
  read(bytes: Buffer, start: number, end: number, range: TimeRange): IntakeRow | null {
    const { fields } = this;
    const { wire } = fields;
    fields.begin(bytes, start);
    let id = '';
    let source = '';
    let kind = 0;
    while (wire.at < end && !wire.needsFallback) {
      const tagAt = wire.at;
      const tag = wire.tag();
      switch (tag) {
        case eventTag.id:
          id = fields.text(end, most.name);
          break;
        case eventTag.source:
          source = fields.name(end);
          break;
        case eventTag.prediction:
        case eventTag.outcome:
          // Several are merged, or the last one wins: rare enough.
          if (kind !== 0) return null;
          kind = tag;
          if (kind === eventTag.prediction) readPredictionWire(fields, this.prediction, end);
          else this.readOutcome(end);
          break;
        default:
          fields.skip(tagAt, end, eventFields);
      }
    }
    if (wire.needsFallback || kind === 0) return null;
    const draft = kind === eventTag.prediction ? this.prediction : this.outcome;
    const row = draft.row(id, source, range);
    if (row !== null) this.unknownFields += fields.passed;
    return row;
  }

  private readOutcome(limit: number): void {
    const { fields, outcome: draft } = this;
    const { wire } = fields;
    draft.clear();
    const end = wire.delimited(limit);
    while (wire.at < end && !wire.needsFallback) {
      const tagAt = wire.at;
      switch (wire.tag()) {
        case outcomeTag.model:
          draft.model = fields.name(end);
          break;
        case outcomeTag.input:
          draft.input = fields.identifier(end, most.input);
          break;
        case outcomeTag.knownAt:
          // A second one would be merged into the first.
          if (!Number.isNaN(draft.seconds)) wire.needsFallback = true;
          fields.instant(end);
          draft.seconds = fields.seconds;
          draft.nanos = fields.nanos;
          break;
        case outcomeTag.truth:
          draft.truth = fields.name(end);
          break;
        case outcomeTag.value:
          draft.value = wire.double(end);
          break;
        case outcomeTag.revision:
          draft.revision = wire.varint(end);
          if (draft.revision > 0xffffffff) wire.needsFallback = true;
          break;
        default:
          fields.skip(tagAt, end, outcomeFields);
      }
    }
  }
}
