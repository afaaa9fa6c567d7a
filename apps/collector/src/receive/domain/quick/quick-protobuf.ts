import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { IntakeRow } from '@moola/contracts/rows';
import type { TimeRange } from '../checks.js';
import { most, segmentLimits } from '../limits.js';
import type { IdentifierHash } from '../receive.js';
import { OutcomeDraft } from './outcome-draft.js';
import { PredictionDraft } from './prediction-draft.js';
import { Repeated } from './repeated.js';
import { SegmentSets, type Segment, type SegmentSet } from './segment-sets.js';
import { isPrintableAscii, printableText } from './texts.js';
import { Wire } from './wire.js';

/** Tags of a first byte each: the field's number × 8 + the wire type. */
const event = { id: 0x0a, source: 0x12, prediction: 0x52, outcome: 0x5a } as const;
const prediction = {
  model: 0x0a,
  version: 0x12,
  build: 0x1a,
  role: 0x20,
  input: 0x2a,
  time: 0x32,
  class: 0x3a,
  value: 0x41,
  score: 0x49,
  latencyMs: 0x51,
  costUsd: 0x59,
  error: 0x62,
  segments: 0x6a,
  arm: 0x72,
  features: 0x7a,
} as const;
const outcome = { model: 0x0a, input: 0x12, knownAt: 0x1a, truth: 0x22, value: 0x29, revision: 0x30 } as const;
const timestamp = { seconds: 0x08, nanos: 0x10 } as const;
const entry = { key: 0x0a, text: 0x12, number: 0x11 } as const;

const eventFields = (field: number): boolean => field <= 2 || (field >= 10 && field <= 14);
const predictionFields = (field: number): boolean => field <= 15;
const outcomeFields = (field: number): boolean => field <= 7;
const timestampFields = (field: number): boolean => field <= 2;

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
  private readonly segments = new Repeated<Segment>((bytes, start, end) => segmentOf(bytes, start, end));
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
    while (wire.at < end && !wire.unsure) {
      const tagAt = wire.at;
      const tag = bytes[wire.at++] as number;
      switch (tag) {
        case event.id:
          id = this.text(end, most.name);
          break;
        case event.source:
          source = this.name(end);
          break;
        case event.prediction:
        case event.outcome:
          // Several are merged, or the last one wins: rare enough.
          if (kind !== 0) return null;
          kind = tag;
          if (kind === event.prediction) this.readPrediction(end);
          else this.readOutcome(end);
          break;
        default:
          this.skip(tagAt, end, eventFields);
      }
    }
    if (wire.unsure || kind === 0) return null;
    const draft = kind === event.prediction ? this.prediction : this.outcome;
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
    while (wire.at < end && !wire.unsure) {
      const tagAt = wire.at;
      switch (bytes[wire.at++]) {
        case prediction.model:
          draft.model = this.name(end);
          break;
        case prediction.version:
          draft.version = this.name(end);
          break;
        case prediction.build:
          draft.build = this.name(end);
          break;
        case prediction.role:
          draft.role = wire.varint(end);
          if (!roles.includes(draft.role)) wire.unsure = true;
          break;
        case prediction.input:
          draft.input = this.identifier(end);
          break;
        case prediction.time:
          // A second one would be merged into the first.
          if (!Number.isNaN(draft.timeMs)) wire.unsure = true;
          this.readTimestamp(end);
          draft.timeMs = this.seconds * 1000 + Math.floor(this.nanos / 1_000_000);
          break;
        case prediction.class:
          draft.class = this.name(end);
          break;
        case prediction.value:
          draft.value = wire.double(end);
          break;
        case prediction.score:
          draft.score = wire.double(end);
          break;
        case prediction.latencyMs:
          draft.latencyMs = wire.double(end);
          break;
        case prediction.costUsd:
          draft.costUsd = wire.double(end);
          break;
        case prediction.error:
          draft.error = this.text(end, most.text);
          break;
        case prediction.segments:
          segments = this.segment(segments, end);
          break;
        case prediction.arm:
          draft.arm = this.name(end);
          break;
        case prediction.features:
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
    while (wire.at < end && !wire.unsure) {
      const tagAt = wire.at;
      switch (bytes[wire.at++]) {
        case outcome.model:
          draft.model = this.name(end);
          break;
        case outcome.input:
          draft.input = this.identifier(end);
          break;
        case outcome.knownAt:
          if (!Number.isNaN(draft.seconds)) wire.unsure = true;
          this.readTimestamp(end);
          draft.seconds = this.seconds;
          draft.nanos = this.nanos;
          break;
        case outcome.truth:
          draft.truth = this.name(end);
          break;
        case outcome.value:
          draft.value = wire.double(end);
          break;
        case outcome.revision:
          draft.revision = wire.varint(end);
          if (draft.revision > 0xffffffff) wire.unsure = true;
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
    while (wire.at < end && !wire.unsure) {
      const tagAt = wire.at;
      switch (bytes[wire.at++]) {
        case timestamp.seconds:
          this.seconds = wire.varint(end);
          break;
        case timestamp.nanos:
          this.nanos = wire.varint(end);
          if (this.nanos > 999_999_999) wire.unsure = true;
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
    wire.unsure = true;
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
    wire.unsure = true;
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
    wire.unsure = true;
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
    wire.unsure = true;
    return set;
  }

  private readFeature(limit: number): void {
    const { wire, prediction: draft } = this;
    const { bytes } = wire;
    const end = wire.delimited(limit);
    if (bytes[wire.at++] !== entry.key) wire.unsure = true;
    const key = this.name(end);
    const isNumber = bytes[wire.at++] === entry.number;
    const number = wire.double(end);
    if (!isNumber || wire.at !== end || !draft.addFeature(key, number)) wire.unsure = true;
  }

  private skip(tagAt: number, end: number, known: (field: number) => boolean): void {
    this.wire.skip(tagAt, end, known);
    this.passed++;
  }
}

/** An entry of `segments`, key before value, as every writer writes it. */
function segmentOf(bytes: Buffer, start: number, end: number): Segment | null {
  const wire = new Wire();
  wire.begin(bytes, start);
  if (bytes[wire.at++] !== entry.key) return null;
  const keyEnd = wire.delimited(end);
  const key = printableText(bytes, wire.at, keyEnd, segmentLimits.key);
  wire.at = keyEnd;
  let value: string | null = '';
  // An empty value may be left out.
  if (wire.at < end) {
    if (bytes[wire.at++] !== entry.text) return null;
    const valueEnd = wire.delimited(end);
    value = printableText(bytes, wire.at, valueEnd, most.name);
    if (valueEnd !== end) return null;
  }
  if (wire.unsure || key === null || key === '' || key === '__proto__' || value === null) return null;
  return { key, value };
}
