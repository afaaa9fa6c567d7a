import { joinedKey, partsOfKey } from '@moola/contracts/joined-key';
import type { SegmentName } from '../segments/segment-names.js';

/*
 * The alerts on a version are kept by name: that of the rule, and of a rule on segments by pattern the segment behind it. No
 * name of a rule holds "/".
 */

/** The name of the alert of a rule by pattern on a segment. */
export function alertNameOn(rule: string, { key, value, other }: SegmentName): string {
  return other ? joinedKey(rule, key) : joinedKey(rule, key, value);
}

/** The rule whose alert it is. */
export function ruleOfAlert(name: string): string {
  const end = name.indexOf('/');
  return end < 0 ? name : name.slice(0, end);
}

/** Of an alert of a rule by pattern the segment that it is on; else `undefined`. */
export function segmentOfAlert(name: string): SegmentName | undefined {
  const [, key, value] = partsOfKey(name);
  return key === undefined ? undefined : { key, value: value ?? '', other: value === undefined };
}
