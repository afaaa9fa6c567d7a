import type { MeasurementView } from '@moola/standalone/console-views';
import { metricValue } from '@moola/wording/metrics';
import { printable } from '../../output/printable.js';

/** A figure over the last hour; `–` where there is none. */
export function figure({ figures }: MeasurementView, metric: string): string {
  const value = figures.find((each) => each.metric === metric)?.value ?? null;
  return value === null ? '–' : metricValue(metric, value);
}

/** Names that came after as many as are told apart have none of their own. */
export function nameOf({ measurement, other }: MeasurementView): string {
  return other ? '(other names)' : printable(measurement);
}
