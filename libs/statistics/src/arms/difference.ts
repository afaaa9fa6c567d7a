import type { Estimate } from './estimate.js';

/** Treatment against control. */
export interface Difference {
  /** Treatment − control. */
  readonly absolute: number;
  readonly standardError: number;
  /** ÷ |control|, so that it has the sign of the difference with a negative control too; `null` where control is 0. */
  readonly relative: number | null;
  /** By the delta method; `null` where control is 0. */
  readonly relativeError: number | null;
  /** Welch's and Satterthwaite's degrees of freedom; `null`: the normal distribution. */
  readonly freedom: number | null;
  /** Units of both arms. */
  readonly samples: number;
}

export function differenceOf(control: Estimate, treatment: Estimate): Difference {
  const absolute = treatment.value - control.value;
  const base = Math.abs(control.value);
  const variance = control.variance + treatment.variance;
  const lift = treatment.value / control.value;
  return {
    absolute,
    standardError: Math.sqrt(variance),
    relative: base === 0 ? null : absolute / base,
    relativeError: base === 0 ? null : Math.sqrt(treatment.variance + control.variance * lift * lift) / base,
    freedom: welchFreedom(control, treatment),
    samples: control.samples + treatment.samples,
  };
}

/** B. L. Welch, Biometrika 34, 1947. */
function welchFreedom(control: Estimate, treatment: Estimate): number | null {
  if (control.freedom === null || treatment.freedom === null) return null;
  const share = control.variance / (control.variance + treatment.variance);
  return 1 / (share ** 2 / control.freedom + (1 - share) ** 2 / treatment.freedom);
}
