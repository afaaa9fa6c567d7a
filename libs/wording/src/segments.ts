import type { Segment } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { otherValues } from '@moola/contracts/definitions/segment-match';

/** A segment as facts name it. Plain values. */
export interface NamedSegment {
  readonly key: string;
  /** Empty where `other` is set. */
  readonly value: string;
  /** It counts all values of the label together that are not told apart. */
  readonly other: boolean;
}

export function namedSegment(segment: Segment | undefined): NamedSegment | undefined {
  return segment && { key: segment.key, value: segment.value, other: segment.other };
}

/** `region=eu`, for programs and templates. */
export function segmentPair({ key, value, other }: NamedSegment): string {
  return `${key}=${other ? otherValues : value}`;
}

/** A segment as people read it: `region eu`; of what counts all other values of a label, `region, others`. */
export function segmentText(
  segment: { readonly key: string; readonly value: string; readonly other?: boolean } | null | undefined,
): string {
  if (!segment) return '';
  return segment.other === true ? `${segment.key}, others` : `${segment.key} ${segment.value}`;
}
