import { residuals } from '../accumulators/residuals.js';
import { meanResidual } from './mean-residual.js';

export const bias = meanResidual(
  {
    ...{ name: 'bias', title: 'Bias', meaning: 'mean error: mean of answer − truth', worse: null, signed: true },
  },
  residuals.sum,
);
