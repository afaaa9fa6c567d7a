import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { entryTag, timestampTag } from '@moola/contracts/telemetry-tags';
import { most } from '../limits.js';
import type { IdentifierHash } from '../receive.js';
import { timestampFields, type KnownFields } from './known-fields.js';
import type { PredictionDraft } from './prediction-draft.js';
import { Repeated } from './repeated.js';
import { segmentOf } from './segment-entry.js';
import { SegmentSets, type Segment, type SegmentSet } from './segment-sets.js';
import { isPrintableAscii, printableText } from './texts.js';
import { Wire } from './wire.js';

const roles: readonly Role[] = [Role.UNSPECIFIED, Role.PRIMARY, Role.SHADOW, Role.CANARY];

/** Reads fields of an event in protobuf, each by its type. What is not plainly right makes its `wire.needsFallback` true. */
export class WireFields {
  readonly wire = new Wire();
  /** Fields of the event that were passed over. */
  passed = 0;
  /** Of the last instant. */
  seconds = NaN;
  nanos = 0;
  private readonly names = new Repeated((bytes, start, end) => printableText(bytes, start, end, most.name));
  private readonly segments = new Repeated<Segment>(segmentOf);
  private readonly sets = new SegmentSets();

  constructor(private readonly identifiers: IdentifierHash | null) {}

  begin(bytes: Buffer, start: number): void {
    this.wire.begin(bytes, start);
    this.passed = 0;
  }

  /** The set of segments that others grow from. */
  get noSegments(): SegmentSet {
    return this.sets.empty;
  }

  role(limit: number): Role {
    const role: Role = this.wire.varint(limit);
    if (!roles.includes(role)) this.wire.needsFallback = true;
    return role;
  }

  /** An instant in milliseconds. */
  millis(limit: number): number {
    this.instant(limit);
    return this.seconds * 1000 + Math.floor(this.nanos / 1_000_000);
  }

  /** Instants before 1970 are unusual. */
  instant(limit: number): void {
    const { wire } = this;
    const end = wire.delimited(limit);
    this.seconds = 0;
    this.nanos = 0;
    while (wire.at < end && !wire.needsFallback) {
      const tagAt = wire.at;
      switch (wire.tag()) {
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
  name(limit: number): string {
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
  text(limit: number, longest: number): string {
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

  identifier(limit: number, longest: number): string {
    const { wire, identifiers } = this;
    if (identifiers === null) return this.text(limit, longest);
    const stop = wire.delimited(limit);
    const start = wire.at;
    wire.at = stop;
    if (start === stop) return '';
    const { bytes } = wire;
    const plain = isPrintableAscii(bytes, start, stop) && stop - start <= longest;
    if (plain || printableText(bytes, start, stop, longest) !== null) return identifiers.ofBytes(bytes, start, stop);
    wire.needsFallback = true;
    return '';
  }

  segment(set: SegmentSet, limit: number): SegmentSet {
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

  feature(limit: number, draft: PredictionDraft): void {
    const { wire } = this;
    const { bytes } = wire;
    const end = wire.delimited(limit);
    if (bytes[wire.at++] !== entryTag.key) wire.needsFallback = true;
    const key = this.name(end);
    const isNumber = bytes[wire.at++] === entryTag.number;
    const number = wire.double(end);
    if (!isNumber || wire.at !== end || !draft.addFeature(key, number)) wire.needsFallback = true;
  }

  /** Passes over a field that is not known. */
  skip(tagAt: number, end: number, known: KnownFields): void {
    this.wire.skip(tagAt, end, known);
    this.passed++;
  }
}
