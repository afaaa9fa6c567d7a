/** What every test answers; `null` instead where it says nothing. */
export interface TestResult {
  readonly statistic: number;
  /** `null`: the normal distribution, or none. */
  readonly degreesOfFreedom: number | null;
  /** Two-sided, for one look. */
  readonly p: number;
}
