/** A curve as pairs, by x. Plain data: JSON keeps it. */
export type Points = [x: number, y: number][];

/**
 * Adds a point behind the others. When there are more than twice `most`, the first of each cell of a grid stays, and the last
 * one. The cells are as wide as the smallest power of two with at most `most` of them: wider ones hold whole narrower ones, so
 * points stay evenly spaced however often they are thinned.
 */
export function addPoint(points: Points, x: number, y: number, most: number): void {
  points.push([x, y]);
  if (points.length <= 2 * most) return;
  const width = 2 ** Math.ceil(Math.log2(Math.max(1, x - points[0]![0]) / most));
  const cellOf = ([at]: readonly [number, number]): number => Math.floor(at / width);
  let kept = 1;
  for (let i = 1; i < points.length; i++) {
    const point = points[i]!;
    if (i === points.length - 1 || cellOf(point) !== cellOf(points[kept - 1]!)) points[kept++] = point;
  }
  points.length = kept;
}

/** Drops the points before `x`, as long as `least` stay. */
export function dropBefore(points: Points, x: number, least: number): void {
  let dropped = 0;
  while (points.length - dropped > least && points[dropped]![0] < x) dropped++;
  if (dropped > 0) points.splice(0, dropped);
}
