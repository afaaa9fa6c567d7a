/** What a number of an event may be. */
export interface NumberLimits {
  readonly least: number;
  readonly most: number;
  /** Said after the limits in a refusal, such as ` US dollars`. */
  readonly unit: string;
}

export const within = (least: number, most: number, unit = ''): NumberLimits => ({ least, most, unit });

/** A measured value of any kind: its square is still far from the largest number. */
export const measured = within(-1e30, 1e30);
/** Larger whole numbers are not exact. */
export const whole = within(0, 2 ** 53 - 1);
export const bytes = within(0, 2 ** 53 - 1, ' bytes');
export const share = within(0, 1);
