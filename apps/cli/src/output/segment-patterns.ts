import { matchesSegment } from '@moola/contracts/definitions/segment-match';
import type { SegmentPattern } from '@moola/rules/segment-patterns';
import type { BreakdownView } from '@moola/standalone/console-views';
import { segmentPair } from '@moola/wording/segments';
import { printable } from './printable.js';

/** The segments that a rule by pattern covers, for programs. */
export interface PatternJson {
  readonly rule: string;
  readonly model: string;
  readonly label: string;
  readonly patterns: readonly string[];
  /** Also what counts all other values together. */
  readonly others: boolean;
  /** So many segments of the model are told apart, of all its labels. */
  readonly mostSegments: number;
  /** So many alerts fire on one version at a time. */
  readonly mostAlerts: number;
  /** Those that have traffic at the server; `null` where none was asked, or it does not know the model. */
  readonly covers: readonly string[] | null;
}

/** @param breakdowns of the model's versions at a server */
export function patternJson(
  { rule, model, match, mostSegments }: SegmentPattern,
  breakdowns: readonly BreakdownView[] | null,
): PatternJson {
  const { key: label, value: patterns, others, mostAlerts } = match;
  const found = breakdowns?.flatMap(({ segments }) => segments.filter((each) => matchesSegment(match, each)));
  const covers = found === undefined ? null : [...new Set(found.map(segmentPair))].sort();
  return { rule, model, label, patterns, others, mostSegments, mostAlerts, covers };
}

/** So many segments are named in a line; JSON has all. */
const mostNamed = 10;

/** `churn: ByCountry watches each country that fits "*" (of at most 50 segments; at most 20 alerts at a time): country=de, country=fr now`. */
export function patternText({ rule, model, label, patterns, others, mostSegments, mostAlerts, covers }: PatternJson) {
  const fits = patterns.map((each) => JSON.stringify(each)).join(', ');
  const bounds = `of at most ${mostSegments} segments${others ? ', and all others as one' : ''}; at most ${mostAlerts} alerts at a time`;
  const text = `${model}: ${rule} watches each ${label} that fits ${fits} (${bounds})`;
  if (covers === null) return text;
  if (covers.length === 0) return `${text}: none now`;
  const more = covers.length - mostNamed;
  return `${text}: ${covers.slice(0, mostNamed).map(printable).join(', ')}${more > 0 ? ` and ${more} more` : ''} now`;
}
