/** A segment as people read it: `region eu`; of what counts all other values of a label, `region, others`. */
export function segmentText(
  segment: { readonly key: string; readonly value: string; readonly other?: boolean } | null | undefined,
): string {
  if (!segment) return '';
  return segment.other === true ? `${segment.key}, others` : `${segment.key} ${segment.value}`;
}
