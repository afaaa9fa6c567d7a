import { noSegments, type Segments } from '@moola/contracts/columns/segments';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { Instant } from '@moola/contracts/instants/read-instant';
import { isObject } from '../json-object.js';
import { most, segmentLimits } from '../limits.js';
import type { IdentifierHash } from '../receive.js';
import { InstantTexts } from './instant-text.js';
import type { PredictionDraft } from './prediction-draft.js';
import { isPrintable } from './texts.js';

const noInstant: Instant = { seconds: NaN, nanos: 0 };
const roles = new Map(Object.entries(Role).map(([name, role]) => [`ROLE_${name}`, role as Role]));

/** Takes values of JSON, each by its type. What is not plainly right makes it `needsFallback`. */
export class QuickValues {
  needsFallback = false;
  private readonly instants = new InstantTexts();

  constructor(private readonly identifiers: IdentifierHash | null) {}

  text(value: unknown, longest: number): string {
    if (typeof value === 'string' && isPrintable(value, longest)) return value;
    this.needsFallback = true;
    return '';
  }

  identifier(value: unknown, longest: number): string {
    const text = this.text(value, longest);
    return this.identifiers === null || text === '' ? text : this.identifiers.of(text);
  }

  number(value: unknown): number {
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    this.needsFallback = true;
    return NaN;
  }

  role(value: unknown): Role {
    const role = roles.get(value as string);
    if (role !== undefined) return role;
    this.needsFallback = true;
    return Role.UNSPECIFIED;
  }

  instant(value: unknown): Instant {
    const instant = typeof value === 'string' ? this.instants.read(value) : null;
    if (instant !== null) return instant;
    this.needsFallback = true;
    return noInstant;
  }

  /** An instant in milliseconds. */
  millis(value: unknown): number {
    const { seconds, nanos } = this.instant(value);
    return seconds * 1000 + Math.floor(nanos / 1_000_000);
  }

  segments(value: unknown): Segments {
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

  features(value: unknown, draft: PredictionDraft): void {
    if (!isObject(value)) {
      this.needsFallback = true;
      return;
    }
    for (const key in value) {
      const number = this.number(value[key]);
      if (!isPrintable(key, most.name) || !draft.addFeature(key, number)) this.needsFallback = true;
    }
  }
}
