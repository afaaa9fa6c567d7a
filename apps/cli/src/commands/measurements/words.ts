import type { MeasurementView } from '@moola/standalone/console-views';
import { printable } from '../../output/printable.js';

/** Names that came after as many as are told apart have none of their own. */
export function nameOf({ measurement, other }: MeasurementView): string {
  return other ? '(other names)' : printable(measurement);
}
