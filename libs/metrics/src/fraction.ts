/** An exact number: a ratio of whole numbers. The denominator is positive. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** @param whole positive */
export function ratioOf(part: number, whole: number): Fraction {
  return dividedBy(decimalOf(part), decimalOf(whole));
}

/** The decimal number that a person would write for it: 0.05 is 5/100, though no binary number is. */
export function decimalOf(value: number): Fraction {
  const [, sign = '', digits = '', decimals = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  const whole = BigInt(sign + digits + decimals);
  const scale = Number(exponent) - decimals.length;
  return scale >= 0
    ? { numerator: whole * 10n ** BigInt(scale), denominator: 1n }
    : { numerator: whole, denominator: 10n ** BigInt(-scale) };
}

/** The nearest number, but for its last bit. */
export function numberOf({ numerator, denominator }: Fraction): number {
  return Number(numerator) / Number(denominator);
}

export function times(a: Fraction, b: Fraction): Fraction {
  return { numerator: a.numerator * b.numerator, denominator: a.denominator * b.denominator };
}

export function minus(a: Fraction, b: Fraction): Fraction {
  return {
    numerator: a.numerator * b.denominator - b.numerator * a.denominator,
    denominator: a.denominator * b.denominator,
  };
}

/** @param by positive */
export function dividedBy(a: Fraction, by: Fraction): Fraction {
  return { numerator: a.numerator * by.denominator, denominator: a.denominator * by.numerator };
}

/** Less than 0, 0, or more than 0, as `a` is less than, equal to or more than `b`. */
export function compareFractions(a: Fraction, b: Fraction): number {
  const [left, right] = [a.numerator * b.denominator, b.numerator * a.denominator];
  return left < right ? -1 : left > right ? 1 : 0;
}
