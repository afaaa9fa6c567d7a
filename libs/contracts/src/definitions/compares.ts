import { Compare } from '../gen/moola/v1/definitions_pb.js';

/** Whether it compares with the figure of when the version was known good, not the figure itself with a limit. */
export function comparesBaseline(compare: Compare): boolean {
  return compare === Compare.RATIO_TO_BASELINE || compare === Compare.DIFFERENCE_TO_BASELINE;
}
