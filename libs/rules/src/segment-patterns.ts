import { watchesModel } from '@moola/contracts/definitions/match';
import { mostSegments, tellsApart } from '@moola/contracts/definitions/segments';
import type { Definition, SegmentMatch } from '@moola/contracts/gen/moola/v1/definitions_pb';

/** A rule on segments by pattern, on one model. */
export interface SegmentPattern {
  readonly rule: string;
  readonly model: string;
  readonly match: SegmentMatch;
  /** How many segments of the model are told apart, of all its labels. */
  readonly mostSegments: number;
}

/** Every rule on segments by pattern, with each declared model that it watches and whose segments it can find. */
export function segmentPatterns(definitions: readonly Definition[]): SegmentPattern[] {
  return definitions.flatMap(({ name: rule, kind }) => {
    const match = kind.case === 'rule' ? kind.value.match?.segment : undefined;
    if (kind.case !== 'rule' || match === undefined) return [];
    return definitions.flatMap(({ name: model, kind: declared }): SegmentPattern[] => {
      if (declared.case !== 'model' || !watchesModel(kind.value, model)) return [];
      const { segments } = declared.value;
      if (!tellsApart(segments, match.key)) return [];
      return [{ rule, model, match, mostSegments: segments?.most ?? mostSegments }];
    });
  });
}
