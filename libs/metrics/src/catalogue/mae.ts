import { residuals } from '../accumulators/residuals.js';
import { meanResidual } from './mean-residual.js';

export const mae = meanResidual(
  { name: 'mae', title: 'MAE', meaning: 'mean absolute error: the mean size of answer − truth', worse: 'above' },
  residuals.absolute,
);
