import { entryTag } from '@moola/contracts/telemetry-tags';
import { most, segmentLimits } from '../limits.js';
import type { Segment } from './segment-sets.js';
import { printableText } from './texts.js';
import { Wire } from './wire.js';

/** An entry of `segments`, key before value, as every writer writes it. */
export function segmentOf(bytes: Buffer, start: number, end: number): Segment | null {
  const wire = new Wire();
  wire.begin(bytes, start);
  if (bytes[wire.at++] !== entryTag.key) return null;
  const keyEnd = wire.delimited(end);
  const key = printableText(bytes, wire.at, keyEnd, segmentLimits.key);
  wire.at = keyEnd;
  let value: string | null = '';
  // An empty value may be left out.
  if (wire.at < end) {
    if (bytes[wire.at++] !== entryTag.text) return null;
    const valueEnd = wire.delimited(end);
    value = printableText(bytes, wire.at, valueEnd, most.name);
    if (valueEnd !== end) return null;
  }
  if (wire.needsFallback || key === null || key === '' || key === '__proto__' || value === null) return null;
  return { key, value };
}
