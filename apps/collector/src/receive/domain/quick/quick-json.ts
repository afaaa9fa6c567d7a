import { noSegments, type Segments } from '@moola/contracts/columns/segments';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { Instant } from '@moola/contracts/instants/read-instant';
import type { IntakeRow } from '@moola/contracts/rows';
import type { TimeRange } from '../checks.js';
import { isObject } from '../json-object.js';
import { most, segmentLimits } from '../limits.js';
import type { IdentifierHash } from '../receive.js';
import { InstantTexts } from './instant-text.js';
import { OutcomeDraft } from './outcome-draft.js';
import { PredictionDraft } from './prediction-draft.js';
import { isPrintable } from './texts.js';

const noInstant: Instant = { seconds: NaN, nanos: 0 };
const roles = new Map(Object.entries(Role).map(([name, role]) => [`ROLE_${name}`, role as Role]));

/**
 * `QuickProtobuf` for events in JSON: takes what is plainly right, written with the proto3 mapping's own names, and gives
 * `null` for everything else, unknown fields among it.
 */
export class QuickJson {
  private readonly prediction = new PredictionDraft();
  private readonly outcome = new OutcomeDraft();
  private readonly instants = new InstantTexts();
  private needsFallback = false;

  constructor(private readonly identifiers: IdentifierHash | null) {}

  /** @returns a row with the id that the event has, which may be empty */
  read(event: unknown, range: TimeRange): IntakeRow | null {
    if (!isObject(event)) return null;
    this.needsFallback = false;
    let id = '';
    let source = '';
    let draft: PredictionDraft | OutcomeDraft | null = null;
    for (const key in event) {
      const value = event[key];
      switch (key) {
        case 'id':
          id = this.text(value, most.name);
          break;
        case 'source':
          source = this.text(value, most.name);
          break;
        case 'prediction':
          if (draft !== null) return null;
          draft = this.prediction;
          this.readPrediction(value);
          break;
        case 'outcome':
          if (draft !== null) return null;
          draft = this.outcome;
          this.readOutcome(value);
          break;
        default:
          return null;
      }
    }
    return this.needsFallback || draft === null ? null : draft.row(id, source, range);
  }

  private readPrediction(value: unknown): void {
    const { prediction: draft } = this;
    draft.clear();
    if (!isObject(value)) {
      this.needsFallback = true;
      return;
    }
    for (const key in value) {
      const field = value[key];
      switch (key) {
        case 'model':
        case 'version':
        case 'build':
        case 'class':
          draft[key] = this.text(field, most.name);
          break;
        case 'role':
          draft.role = this.role(field);
          break;
        case 'input':
          draft.input = this.identifier(field);
          break;
        case 'time': {
          const { seconds, nanos } = this.instant(field);
          draft.timeMs = seconds * 1000 + Math.floor(nanos / 1_000_000);
          break;
        }
        case 'value':
        case 'score':
        case 'latencyMs':
        case 'costUsd':
          draft[key] = this.number(field);
          break;
        case 'error':
          draft.error = this.text(field, most.text);
          break;
        case 'segments':
          draft.segments = this.segments(field);
          break;
        case 'experimentArm':
          draft.arm = this.text(field, most.name);
          break;
        case 'features':
          this.readFeatures(field);
          break;
        default:
          this.needsFallback = true;
      }
    }
  }

  private readOutcome(value: unknown): void {
    const { outcome: draft } = this;
    draft.clear();
    if (!isObject(value)) {
      this.needsFallback = true;
      return;
    }
    for (const key in value) {
      const field = value[key];
      switch (key) {
        case 'model':
        case 'truth':
          draft[key] = this.text(field, most.name);
          break;
        case 'input':
          draft.input = this.identifier(field);
          break;
        case 'knownAt': {
          const { seconds, nanos } = this.instant(field);
          draft.seconds = seconds;
          draft.nanos = nanos;
          break;
        }
        case 'value':
          draft.value = this.number(field);
          break;
        case 'revision':
          draft.revision = this.number(field);
          if (!Number.isInteger(draft.revision) || draft.revision < 0 || draft.revision > 0xffffffff)
            this.needsFallback = true;
          break;
        default:
          this.needsFallback = true;
      }
    }
  }

  private text(value: unknown, longest: number): string {
    if (typeof value === 'string' && isPrintable(value, longest)) return value;
    this.needsFallback = true;
    return '';
  }

  private identifier(value: unknown): string {
    const text = this.text(value, most.input);
    return this.identifiers === null || text === '' ? text : this.identifiers.of(text);
  }

  private number(value: unknown): number {
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    this.needsFallback = true;
    return NaN;
  }

  private role(value: unknown): Role {
    const role = roles.get(value as string);
    if (role !== undefined) return role;
    this.needsFallback = true;
    return Role.UNSPECIFIED;
  }

  private instant(value: unknown): Instant {
    const instant = typeof value === 'string' ? this.instants.read(value) : null;
    if (instant !== null) return instant;
    this.needsFallback = true;
    return noInstant;
  }

  private segments(value: unknown): Segments {
    if (!isObject(value)) {
      this.needsFallback = true;
      return noSegments;
    }
    let entries = 0;
    for (const key in value) {
      const isRight = key !== '' && key !== '__proto__' && isPrintable(key, segmentLimits.key);
      if (!isRight || ++entries > segmentLimits.entries) this.needsFallback = true;
      this.text(value[key], most.name);
    }
    return entries === 0 ? noSegments : (value as Segments);
  }

  private readFeatures(value: unknown): void {
    if (!isObject(value)) {
      this.needsFallback = true;
      return;
    }
    for (const key in value) {
      const number = this.number(value[key]);
      if (!isPrintable(key, most.name) || !this.prediction.addFeature(key, number)) this.needsFallback = true;
    }
  }
}
