import { matchesSegment, ruleOnSegment } from '@moola/contracts/definitions/segment-match';
import type { SegmentMatch } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { isGate, type WatchedModel, type WatchedRule } from '../models/watched-model.js';
import type { SegmentName } from '../segments/segment-names.js';
import { alertNameOn } from './alert-names.js';

/** The rules that judge the versions of a model. */
export type RulesInForce = Pick<WatchedModel, 'rules' | 'ruleNames'>;

/**
 * The rules of a model, with one on each segment that it fits in place of a rule by pattern.
 * @param segments those of the model that are counted, in any order
 */
export function derivedRules(watched: WatchedModel, segments: readonly SegmentName[]): RulesInForce {
  if (!watched.hasPatterns) return watched;
  const found = new Map<string, readonly SegmentName[]>();
  for (const { name, definition } of watched.rules) {
    const match = definition.match?.segment;
    if (match) found.set(name, segments.filter((segment) => matchesSegment(match, segment)).sort(byName));
  }
  const gates = watched.budgetLines.map(({ line }) => line).filter((line) => line.gate);
  const rules = watched.rules.flatMap((rule): WatchedRule[] => {
    const match = rule.definition.match?.segment;
    if (match === undefined) return [{ ...rule, unless: inhibitorsOf(rule, null, watched, found) }];
    return (found.get(rule.name) ?? []).map((segment) => {
      const definition = ruleOnSegment(rule.definition, segment);
      return {
        ...rule,
        ...{ name: alertNameOn(rule.name, segment), definition, gate: isGate(definition, gates) },
        unless: inhibitorsOf(rule, segment, watched, found),
        derived: { rule: rule.name, segment, mostAlerts: match.mostAlerts },
      };
    });
  });
  return { rules, ruleNames: new Set(rules.map(({ name }) => name)) };
}

/** On segments of the same label an alert is held back by that on its own segment; else by any that the other rule has. */
function inhibitorsOf(
  { definition }: WatchedRule,
  segment: SegmentName | null,
  { rules }: WatchedModel,
  found: ReadonlyMap<string, readonly SegmentName[]>,
): readonly string[] {
  return definition.unless.flatMap((other) => {
    const segments = found.get(other);
    if (segments === undefined) return [other];
    const match = rules.find(({ name }) => name === other)?.definition.match?.segment;
    if (segment !== null && isOnLabel(match, segment)) return [alertNameOn(other, segment)];
    return segments.map((each) => alertNameOn(other, each));
  });
}

function isOnLabel(match: SegmentMatch | undefined, { key }: SegmentName): boolean {
  return match?.key === key;
}

/** By value; what is counted together is last. */
function byName(a: SegmentName, b: SegmentName): number {
  if (a.other !== b.other) return a.other ? 1 : -1;
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
}
