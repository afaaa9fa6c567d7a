/** The value of a metric among figures; `null` where it has none, or is not among them. */
export function figureValue(
  figures: readonly { readonly metric: string; readonly value: number | null }[],
  metric: string,
): number | null {
  return figures.find((figure) => figure.metric === metric)?.value ?? null;
}
