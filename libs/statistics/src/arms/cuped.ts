import { mergedPairs, type PairMoments } from './moments.js';
import type { Estimate } from './estimate.js';

/**
 * The slope by which a covariate from before the experiment explains the outcome, over both arms (A. Deng, Y. Xu, R. Kohavi and
 * T. Walker, "Improving the sensitivity of online controlled experiments by utilizing pre-experiment data", WSDM 2013). 0 where either does not vary.
 *
 * @param control x the outcome, y the covariate
 */
export function cupedSlope(control: PairMoments, treatment: PairMoments): number {
  const { deviationsX, deviationsY, products } = mergedPairs(control, treatment);
  return deviationsX > 0 && deviationsY > 0 ? products / deviationsY : 0;
}

/**
 * The mean outcome with what the covariate explains taken off: of all units' mean covariate, so that it reads as the outcome.
 *
 * @param pooledCovariate mean covariate of both arms
 */
export function cupedEstimate(arm: PairMoments, slope: number, pooledCovariate: number): Estimate {
  const { count, meanX, meanY, deviationsX, deviationsY, products } = arm;
  const variance = (deviationsX - 2 * slope * products + slope * slope * deviationsY) / (count - 1);
  return {
    value: meanX - slope * (meanY - pooledCovariate),
    variance: Math.max(0, variance) / count,
    samples: count,
    freedom: count - 1,
  };
}
