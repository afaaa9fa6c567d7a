import type { Covered } from './coverage.js';
import { dependentAnswers } from './dependent-answers.js';
import { jobEstimates } from './job-estimates.js';
import { means } from './means.js';
import { proportions } from './proportions.js';
import { sequences } from './sequences.js';

/** Every interval that a figure has. */
export const intervalMethods: readonly Covered[] = [
  ...proportions,
  ...dependentAnswers,
  ...means,
  ...jobEstimates,
  ...sequences,
];
