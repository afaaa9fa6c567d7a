import { figureValue } from '@moola/metrics/figure-value';
import { metricValue } from '@moola/wording/metrics';

/** A figure as people read it; `–` where there is none. */
export function figureText(figures: Parameters<typeof figureValue>[0], metric: string): string {
  const value = figureValue(figures, metric);
  return value === null ? '–' : metricValue(metric, value);
}
