import { trimmed } from './numbers.js';

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** `14.9 GiB`. @param digits behind the point */
export function byteCount(bytes: number, digits = 1): string {
  let unit = 0;
  let value = bytes;
  while (Math.abs(value) >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${trimmed(value, unit === 0 ? 0 : digits)} ${units[unit]}`;
}
