import type { AlertTransition, Figure } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { worseOf, type WorstFigure } from '../incidents/worst-figure.js';
import { openIncidentsOf } from './open-incidents.js';
import type { Tables } from './tables.js';

/** The figure with which an incident opens: on the alert's side of the limit. */
export function beginWorst(tables: Tables, incident: string, alert: AlertTransition, atMs: number): void {
  const { figure, limit, version } = alert;
  if (figure?.value === undefined) return;
  const { metric, value, samples } = figure;
  tables.worst.set(incident, { metric, version, value, samples, limit, atMs });
}

/** A figure of the job or the instance that an open incident is about, when its alert changes: kept where it is worse. */
export function takeSubjectFigure(tables: Tables, incident: string, figure: Figure | undefined, atMs: number): void {
  const before = tables.worst.get(incident);
  if (figure?.value === undefined || before?.metric !== figure.metric) return;
  const now: WorstFigure = { ...before, value: figure.value, samples: figure.samples || null, atMs };
  if (worseOf(before, now) === now) tables.worst.set(incident, now);
}

/** A figure of a version that serves: kept where it is worse than what the open incidents of its metric have seen. */
export function takeFigure(
  tables: Tables,
  model: string,
  { version, figure, atMs }: { readonly version: string; readonly figure: Figure | undefined; readonly atMs: number },
): void {
  if (figure?.value === undefined || tables.model(model).serving !== version) return;
  const { metric, value, samples } = figure;
  for (const { id } of openIncidentsOf(tables, model)) {
    const before = tables.worst.get(id);
    // A worst figure without a version is that of a job or an instance.
    if (before?.metric !== metric || before.version === '') continue;
    const now: WorstFigure = { ...before, version, value, samples: samples === 0 ? null : samples, atMs };
    if (worseOf(before, now) === now) tables.worst.set(id, now);
  }
}
