import type UPlot from 'uplot';
import type { IncidentSummaryView } from '../../../src/read-model/incident-views';
import type { ReleaseView } from '../../../src/read-model/views';
import { isGrave } from '../words/decision';

/** What happened to a model, beside its figures. */
export interface Marks {
  readonly releases: readonly ReleaseView[];
  readonly incidents: readonly IncidentSummaryView[];
}

const css = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name);

/** Grave incidents as shades from the breach to the end. */
export function drawIncidents(plot: UPlot, incidents: readonly IncidentSummaryView[]): void {
  const { ctx, bbox, scales } = plot;
  const newest = scales['x']?.max ?? 0;
  ctx.save();
  ctx.fillStyle = css('--shade');
  for (const incident of incidents.filter(isGrave)) {
    const from = plot.valToPos(incident.breachAtMs / 1000, 'x', true);
    const to = plot.valToPos((incident.resolvedAtMs ?? newest * 1000) / 1000, 'x', true);
    const left = Math.max(from, bbox.left);
    const right = Math.min(to, bbox.left + bbox.width);
    if (right > left) ctx.fillRect(left, bbox.top, right - left, bbox.height);
  }
  ctx.restore();
}

function what({ from, version, incident, inferred }: ReleaseView): string {
  if (from === '') return '';
  if (inferred) return `${version} answers`;
  return incident === '' ? `${version} released` : `back to ${version}`;
}

/** Releases and rollbacks as lines with their names above the picture, the newest first; one without room gives way. */
export function drawReleases(plot: UPlot, releases: readonly ReleaseView[]): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  ctx.textBaseline = 'bottom';
  ctx.lineWidth = ratio;
  ctx.setLineDash([3 * ratio, 3 * ratio]);
  ctx.textAlign = 'left';
  const rows = [Infinity, Infinity];
  for (const release of [...releases].reverse()) {
    const text = what(release);
    const x = plot.valToPos(release.atMs / 1000, 'x', true);
    if (text === '' || x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = ctx.fillStyle = css(release.incident === '' ? '--quiet' : '--good');
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const width = ctx.measureText(text).width;
    // To the right of its line where the picture has room, else to the left of it; in the lower row if it is free there.
    const left = Math.min(x, bbox.left + bbox.width - width);
    const row = rows.findIndex((free) => left + width <= free);
    if (row < 0) continue;
    ctx.fillText(text, left, bbox.top - (4 + 14 * row) * ratio);
    rows[row] = left - 8 * ratio;
  }
  ctx.restore();
}
