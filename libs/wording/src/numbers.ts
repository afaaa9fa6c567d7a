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
