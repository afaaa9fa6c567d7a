interface CurveProps {
  readonly label: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** A line that the curve should stay below. */
  readonly limit?: number | null;
}

const width = 320;
const height = 80;

/** A small curve of few points: its words stand beside it. */
export function Curve({ label, points, limit = null }: CurveProps) {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 2) return null;
  const ys = points.map(([, y]) => y).concat(limit ?? []);
  const [low, high] = [limit === null ? Math.min(...ys) : 0, Math.max(...ys)];
  const x = (at: number) => (width * (at - first[0])) / Math.max(1, last[0] - first[0]);
  const y = (at: number) => height - 2 - ((height - 4) * (at - low)) / (high - low || 1);
  return (
    <svg class="curve" role="img" aria-label={label} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none">
      {limit !== null && <line class="limit" x1="0" x2={width} y1={y(limit)} y2={y(limit)} />}
      <polyline points={points.map(([at, value]) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(' ')} />
    </svg>
  );
}
