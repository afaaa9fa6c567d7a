/** `83.3 %`, from a share. */
export function percent(share: number, digits = 1): string {
  return `${trimmed(share * 100, digits)} %`;
}

/** `12,345.6`: at most so many digits behind the point, none that are zero at the end. */
export function trimmed(value: number, digits: number): string {
  const [whole = '0', rest = ''] = Math.abs(value).toFixed(digits).split('.');
  const fraction = rest.replace(/0+$/, '');
  const size = whole.replace(/\B(?=(\d{3})+$)/g, ',') + (fraction === '' ? '' : `.${fraction}`);
  return value < 0 && Number(`${whole}.${rest}`) !== 0 ? `−${size}` : size;
}

/** `0.00123`, `−12.5`, `1.2e9`: three digits that count, of numbers of any size; whole numbers below a million have all. */
export function significant(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) {
    const [digits = '', exponent = ''] = value.toExponential(2).split('e');
    return `${trimmed(Number(digits), 2)}e${exponent.replace('+', '').replace('-', '−')}`;
  }
  return size >= 100 ? trimmed(value, 0) : trimmed(Number(value.toPrecision(3)), 6);
}
