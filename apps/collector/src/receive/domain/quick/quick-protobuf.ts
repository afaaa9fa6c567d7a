import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { IntakeRow } from '@moola/contracts/rows';
import { entryTag, eventTag, outcomeTag, predictionTag, timestampTag } from '@moola/contracts/telemetry-tags';
import type { TimeRange } from '../checks.js';
import { most } from '../limits.js';
import type { IdentifierHash } from '../receive.js';
import { eventFields, outcomeFields, predictionFields, timestampFields } from './known-fields.js';
import { OutcomeDraft } from './outcome-draft.js';
import { PredictionDraft } from './prediction-draft.js';
import { Repeated } from './repeated.js';
import { segmentOf } from './segment-entry.js';
import { SegmentSets, type Segment, type SegmentSet } from './segment-sets.js';
import { isPrintableAscii, printableText } from './texts.js';
import { Wire } from './wire.js';

const roles: readonly Role[] = [Role.UNSPECIFIED, Role.PRIMARY, Role.SHADOW, Role.CANARY];

/**
 * Reads a `moola.v1.Event` in one pass over its bytes: validated, anonymised, a row at the end. It takes only what is
 * plainly right and common, and gives `null` for everything else: what is wrong, rare, or written in an unusual way is
 * decided by the generated reader and `receive`. What it takes equals what those give.
 */
export class QuickProtobuf {
  /** Fields of newer producers that were passed over, of all events that were taken. */
  unknownFields = 0;
  private readonly wire = new Wire();
  private readonly prediction = new PredictionDraft();
  private readonly outcome = new OutcomeDraft();
  private readonly names = new Repeated((bytes, start, end) => printableText(bytes, start, end, most.name));
  private readonly segments = new Repeated<Segment>(segmentOf);
  private readonly sets = new SegmentSets();
  private passed = 0;
  private seconds = NaN;
  private nanos = 0;

  constructor(private readonly identifiers: IdentifierHash | null) {}

  /** @returns a row with the id that the event has, which may be empty */
  read(bytes: Buffer, start: number, end: number, range: TimeRange): IntakeRow | null {
    const { wire } = this;
    wire.begin(bytes, start);
    this.passed = 0;
    let id = '';
    let source = '';
    let kind = 0;
    while (wire.at < end && !wire.needsFallback) {
      const tagAt = wire.at;
      const tag = bytes[wire.at++] as number;
      switch (tag) {
        case eventTag.id:
          id = this.text(end, most.name);
          break;
        case eventTag.source:
          source = this.name(end);
          break;
        case eventTag.prediction:
        case eventTag.outcome:
          // Several are merged, or the last one wins: rare enough.
          if (kind !== 0) return null;
          kind = tag;
          if (kind === eventTag.prediction) this.readPrediction(end);
          else this.readOutcome(end);
          break;
        default:
          this.skip(tagAt, end, eventFields);
      }
    }
    if (wire.needsFallback || kind === 0) return null;
    const draft = kind === eventTag.prediction ? this.prediction : this.outcome;
    const row = draft.row(id, source, range);
    if (row !== null) this.unknownFields += this.passed;
    return row;
  }

  private readPrediction(limit: number): void {
    const { wire, prediction: draft } = this;
    const { bytes } = wire;
    draft.clear();
    let segments: SegmentSet = this.sets.empty;
    const end = wire.delimited(limit);
    while (wire.at < end && !wire.needsFallback) {
      const tagAt = wire.at;
      switch (bytes[wire.at++]) {
        case predictionTag.model:
          draft.model = this.name(end);
          break;
        case predictionTag.version:
          draft.version = this.name(end);
          break;
        case predictionTag.build:
          draft.build = this.name(end);
          break;
        case predictionTag.role:
          draft.role = wire.varint(end);
          if (!roles.includes(draft.role)) wire.needsFallback = true;
          break;
        case predictionTag.input:
          draft.input = this.identifier(end);
          break;
        case predictionTag.time:
          // A second one would be merged into the first.
          if (!Number.isNaN(draft.timeMs)) wire.needsFallback = true;
          this.readTimestamp(end);
          draft.timeMs = this.seconds * 1000 + Math.floor(this.nanos / 1_000_000);
          break;
        case predictionTag.class:
          draft.class = this.name(end);
          break;
        case predictionTag.value:
          draft.value = wire.double(end);
          break;
        case predictionTag.score:
          draft.score = wire.double(end);
          break;
        case predictionTag.latencyMs:
          draft.latencyMs = wire.double(end);
          break;
        case predictionTag.costUsd:
          draft.costUsd = wire.double(end);
          break;
        case predictionTag.error:
          draft.error = this.text(end, most.text);
          break;
        case predictionTag.segments:
          segments = this.segment(segments, end);
          break;
        case predictionTag.arm:
          draft.arm = this.name(end);
          break;
        case predictionTag.features:
          this.readFeature(end);
          break;
        default:
          this.skip(tagAt, end, predictionFields);
      }
    }
    draft.segments = segments.segments;
  }

  private readOutcome(limit: number): void {
    const { wire, outcome: draft } = this;
    const { bytes } = wire;
    draft.clear();
    const end = wire.delimited(limit);
    while (wire.at < end && !wire.needsFallback) {
      const tagAt = wire.at;
      switch (bytes[wire.at++]) {
        case outcomeTag.model:
          draft.model = this.name(end);
          break;
        case outcomeTag.input:
          draft.input = this.identifier(end);
          break;
        case outcomeTag.knownAt:
          if (!Number.isNaN(draft.seconds)) wire.needsFallback = true;
          this.readTimestamp(end);
          draft.seconds = this.seconds;
          draft.nanos = this.nanos;
          break;
        case outcomeTag.truth:
          draft.truth = this.name(end);
          break;
        case outcomeTag.value:
          draft.value = wire.double(end);
          break;
        case outcomeTag.revision:
          draft.revision = wire.varint(end);
          if (draft.revision > 0xffffffff) wire.needsFallback = true;
          break;
        default:
          this.skip(tagAt, end, outcomeFields);
      }
    }
  }

  /** Instants before 1970 are unusual. */
  private readTimestamp(limit: number): void {
    const { wire } = this;
    const { bytes } = wire;
    const end = wire.delimited(limit);
    this.seconds = 0;
    this.nanos = 0;
    while (wire.at < end && !wire.needsFallback) {
      const tagAt = wire.at;
      switch (bytes[wire.at++]) {
        case timestampTag.seconds:
          this.seconds = wire.varint(end);
          break;
        case timestampTag.nanos:
          this.nanos = wire.varint(end);
          if (this.nanos > 999_999_999) wire.needsFallback = true;
          break;
        default:
          this.skip(tagAt, end, timestampFields);
      }
    }
  }

  /** A text that is likely to repeat. */
  private name(limit: number): string {
    const { wire } = this;
    const stop = wire.delimited(limit);
    const start = wire.at;
    wire.at = stop;
    if (start === stop) return '';
    const text = this.names.get(wire.bytes, start, stop);
    if (text !== null) return text;
    wire.needsFallback = true;
    return '';
  }

  /** A text that hardly repeats. */
  private text(limit: number, longest: number): string {
    const { wire } = this;
    const stop = wire.delimited(limit);
    const start = wire.at;
    wire.at = stop;
    if (start === stop) return '';
    const text = printableText(wire.bytes, start, stop, longest);
    if (text !== null) return text;
    wire.needsFallback = true;
    return '';
  }

  private identifier(limit: number): string {
    const { wire, identifiers } = this;
    if (identifiers === null) return this.text(limit, most.input);
    const stop = wire.delimited(limit);
    const start = wire.at;
    wire.at = stop;
    if (start === stop) return '';
    const { bytes } = wire;
    const plain = isPrintableAscii(bytes, start, stop) && stop - start <= most.input;
    if (plain || printableText(bytes, start, stop, most.input) !== null) return identifiers.ofBytes(bytes, start, stop);
    wire.needsFallback = true;
    return '';
  }

  private segment(set: SegmentSet, limit: number): SegmentSet {
    const { wire } = this;
    const stop = wire.delimited(limit);
    const start = wire.at;
    wire.at = stop;
    const segment = this.segments.get(wire.bytes, start, stop);
    const grown = segment === null ? null : this.sets.with(set, segment);
    if (grown !== null) return grown;
    wire.needsFallback = true;
    return set;
  }

  private readFeature(limit: number): void {
    const { wire, prediction: draft } = this;
    const { bytes } = wire;
    const end = wire.delimited(limit);
    if (bytes[wire.at++] !== entryTag.key) wire.needsFallback = true;
    const key = this.name(end);
    const isNumber = bytes[wire.at++] === entryTag.number;
    const number = wire.double(end);
    if (!isNumber || wire.at !== end || !draft.addFeature(key, number)) wire.needsFallback = true;
  }

  private skip(tagAt: number, end: number, known: (field: number) => boolean): void {
    this.wire.skip(tagAt, end, known);
    this.passed++;
  }
}
