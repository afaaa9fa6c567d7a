import { z } from 'zod';
import type { Segment, WatchedSegments } from '../gen/moola/v1/definitions_pb.js';
import { count, list, section, shown, text } from './fields.js';
import type { MessageInit } from './message-init.js';

/** How many segments of a model are told apart where its definition does not say. */
export const mostSegments = 50;

export const segmentLabel = { what: 'a label of 1 to 256 characters', pattern: /^[^]{1,256}$/ };

/** Whether two lines or rules concern the same traffic. */
export function sameSegment(a: Segment | undefined, b: Segment | undefined): boolean {
  return a?.key === b?.key && a?.value === b?.value && (a?.other ?? false) === (b?.other ?? false);
}

/** The group `segments` of a model. */
export const watchedSegments = section(
  {
    keys: list(
      {
        doc: 'The labels (`segments` of a prediction) whose values are watched apart.',
        fallback: 'every label, up to 20',
      },
      text({ doc: 'A label.' }, segmentLabel),
      'labels',
      1,
    ).optional(),
    most: count(
      {
        doc: 'How many segments are told apart, beside those that rules and budget lines name. What comes after them is counted together, by label. 0: none is watched.',
        unit: 'segments',
      },
      { least: 0, most: 1000 },
    ).default(mostSegments),
  },
  { doc: 'Which parts of the traffic are watched apart.' },
);

export function watchedSegmentsDefinition({
  keys,
  most,
}: z.output<typeof watchedSegments>): MessageInit<WatchedSegments> {
  return { keys: keys ?? [], most };
}

/** Whether values of a label are told apart. @param segments of a model; absent: those of every label are */
export function tellsApart(segments: WatchedSegments | undefined, key: string): boolean {
  if (segments === undefined) return true;
  return segments.most > 0 && (segments.keys.length === 0 || segments.keys.includes(key));
}

const oneLabel = 'one label with its value, such as { region: eu }';

/** Labels with what stands for their values; none where it is no mapping. */
export function labelsIn(input: unknown): [string, unknown][] {
  return typeof input === 'object' && input !== null && !Array.isArray(input) ? Object.entries(input) : [];
}

/** The field `segment` of a rule or a budget line. */
export const onSegment = z
  .unknown()
  .transform((input, context): MessageInit<Segment> => {
    const entries = labelsIn(input);
    const [key, value] = entries[0] ?? [];
    if (entries.length === 1 && key !== undefined && segmentLabel.pattern.test(key) && typeof value === 'string') {
      return { key, value };
    }
    const unquoted = entries.length === 1 && (typeof value === 'number' || typeof value === 'boolean');
    const detail = unquoted
      ? `${shown(value)} is no text: write { ${key}: '${String(value)}' }`
      : `${shown(input)} is not ${oneLabel}${entries.length > 1 ? ': it has several labels' : ''}`;
    context.issues.push({ code: 'custom', message: detail, input });
    return z.NEVER;
  })
  .meta({
    doc: 'Only the predictions with this label.',
    type: oneLabel,
    fallback: 'all predictions',
  })
  .optional();
