import { z } from 'zod';
import type { RuleDefinition, Segment, SegmentMatch } from '../gen/moola/v1/definitions_pb.js';
import { labelNamePattern, shown } from './fields.js';
import { fits, mostPatterns, namesPattern } from './glob.js';
import type { MessageInit } from './message-init.js';
import { labelsIn, segmentLabel } from './segments.js';

/** How many alerts of a rule on segments by pattern fire on one version at a time, where the rule does not say. */
export const defaultMostAlerts = 20;

const what = 'one label with a pattern of its values, or a list of them, such as { country: "*" }';

/** As a rule writes it. */
export interface SegmentPatterns {
  readonly key: string;
  readonly value: readonly string[];
}

/** `match.segment` of a rule. */
export const segmentPatterns = z
  .unknown()
  .transform((input, context): SegmentPatterns => {
    const entries = labelsIn(input);
    const [key, written] = entries[0] ?? [];
    const values: readonly unknown[] = Array.isArray(written) ? written : [written];
    const wrong = values.find((each) => typeof each !== 'string' || !namesPattern.test(each));
    const isOne = entries.length === 1 && key !== undefined && segmentLabel.pattern.test(key);
    if (isOne && values.length > 0 && values.length <= mostPatterns && wrong === undefined) {
      return { key, value: values as readonly string[] };
    }
    context.issues.push({ code: 'custom', message: problemOf(input, entries.length, key, values, wrong), input });
    return z.NEVER;
  })
  .meta({
    doc: 'Which segments, values written like models: each that is told apart has an alert of its own. Instead of `segment`.',
    type: what,
    fallback: 'all predictions together',
  })
  .optional();

function problemOf(
  input: unknown,
  labels: number,
  key: string | undefined,
  values: readonly unknown[],
  wrong: unknown,
): string {
  if (labels > 1) return `has ${labels} labels: a segment is one value of one label (write a rule for each label)`;
  if (labels === 0 || key === undefined || !segmentLabel.pattern.test(key)) return `${shown(input)} is not ${what}`;
  if (values.length > mostPatterns) return `has ${values.length} patterns: at most ${mostPatterns}`;
  if (values.length === 0) return `has no pattern of ${key}: write { ${key}: "*" } for all that are told apart`;
  const unquoted = typeof wrong === 'number' || typeof wrong === 'boolean';
  if (unquoted) return `${shown(wrong)} is no text: write { ${key}: '${String(wrong)}' }`;
  return `${shown(wrong)} is not a pattern of a name, or a list of them`;
}

export function segmentMatch(
  { key, value }: SegmentPatterns,
  others: boolean,
  mostAlerts = defaultMostAlerts,
): MessageInit<SegmentMatch> {
  return { key, value: [...value], others, mostAlerts };
}

/** As a file writes it, within `match`. */
export function segmentMatchYaml({ key, value, others }: SegmentMatch): Record<string, unknown> {
  return { segment: { [key]: value.length === 1 ? value[0] : value }, ...(others && { otherSegments: true }) };
}

/** A segment that is told apart, or what counts all others of its label together. */
export type FoundSegment = Pick<Segment, 'key' | 'value' | 'other'>;

/** Whether a rule by pattern watches a segment. */
export function matchesSegment({ key, value, others }: SegmentMatch, segment: FoundSegment): boolean {
  if (segment.key !== key) return false;
  return segment.other ? others : fits(value, segment.value);
}

/** What counts all other values of a label, where texts name it. */
export const otherValues = '(others)';

/** The label that alerts on a segment carry: labels of rules are names, those of predictions any text. */
export function segmentLabelName(key: string): string {
  const name = key.replace(/[^A-Za-z0-9_]/g, '_').slice(0, 63);
  return labelNamePattern.pattern.test(name) ? name : `_${name}`;
}

/** Of a rule by pattern the rule on one of its segments. */
export function ruleOnSegment(rule: RuleDefinition, { key, value, other }: FoundSegment): RuleDefinition {
  const label = { [segmentLabelName(key)]: other ? otherValues : value };
  return {
    ...rule,
    segment: { $typeName: 'moola.v1.Segment', key, value, other },
    labels: { ...rule.labels, ...label },
  };
}
