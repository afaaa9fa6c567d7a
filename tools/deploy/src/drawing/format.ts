/** A value as Grafana writes it in one of the units that the dashboards use. */
export function format(value: number, unit: string): string {
  const rounded = (number: number, digits = 3): string => String(Number(number.toPrecision(digits)));
  switch (unit) {
    case 'percentunit':
      return `${rounded(value * 100)}%`;
    case 's':
      if (value !== 0 && Math.abs(value) < 0.001) return `${rounded(value * 1e6)} µs`;
      if (value !== 0 && Math.abs(value) < 1) return `${rounded(value * 1000)} ms`;
      return Math.abs(value) < 120 ? `${rounded(value)} s` : `${rounded(value / 60)} min`;
    case 'currencyUSD':
      return `$${rounded(value)}`;
    case 'bytes':
      return `${rounded(value / (1 << 20))} MiB`;
    case 'reqps':
    case 'rowsps':
      return `${rounded(value)}/s`;
    case 'bool_yes_no':
      return value === 0 ? 'No' : 'Yes';
    default:
      return rounded(value);
  }
}
