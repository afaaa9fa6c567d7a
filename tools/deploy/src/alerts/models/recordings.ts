import { exposedMetrics } from '@moola/metrics/exposed-metrics';
import { once } from '../../console-metrics.js';
import type { Recording } from '../alert.js';

const labels = 'environment, model, version, role, window';

/** Each figure over the window of the model's budget: whoever charts all models need not know their windows. */
export const budgetFigures: readonly Recording[] = exposedMetrics.map(({ name }) => ({
  record: budgetFigure(name),
  // Each side once: several consoles answer with the same.
  expr: `${once(name)} * on (${labels}) ${once('moola_model_budget_window_info')}`,
}));

/** `environment_model_version_role:moola_model_accuracy_ratio:budget_window` */
export function budgetFigure(name: string): string {
  return `environment_model_version_role:${name}:budget_window`;
}
