import type { ByteSink } from '../byte-sink.js';
import { FigureSchema, type Figure, type WindowSnapshot } from '../gen/moola/v1/snapshots_pb.js';
import { Role } from '../gen/moola/v1/telemetry_pb.js';
import { writeMessage } from '../message-writer.js';
import { figureTag, windowTag } from './tags.js';

/** As many places as `SnapshotRows.repeated_figures` has bits. */
const mostRepeated = 32;
const none: readonly Figure[] = [];

/** Writes windows. Those of one version often share figures: they are written once. */
export class WindowWriter {
  /** Of the window before. */
  private before: readonly Figure[] = none;

  constructor(private readonly sink: ByteSink) {}

  /** The window before was written otherwise. */
  forget(): void {
    this.before = none;
  }

  /** @returns which figures are those of the window before and were left out, a bit each */
  write(window: WindowSnapshot): number {
    const { sink, before } = this;
    const { figures } = window;
    if (window.version !== '') sink.text(windowTag.version, window.version);
    if (window.role !== Role.UNSPECIFIED) sink.unsigned(windowTag.role, window.role);
    if (window.serving) sink.unsigned(windowTag.serving, 1);
    if (!Object.is(window.windowMs, 0)) sink.double(windowTag.windowMs, window.windowMs);
    let repeated = 0;
    for (let i = 0; i < figures.length; i++) {
      const figure = figures[i] as Figure;
      if (figure === before[i] && i < mostRepeated) repeated |= 1 << i;
      else writeFigure(sink, figure);
    }
    this.before = figures;
    return repeated >>> 0;
  }
}

function writeFigure(sink: ByteSink, figure: Figure): void {
  const { metric, value, samples, lower, upper, effectiveSamples } = figure;
  const opened = sink.open(windowTag.figures);
  if (figure.$unknown !== undefined) writeMessage(FigureSchema, figure, sink);
  else {
    if (metric !== '') sink.text(figureTag.metric, metric);
    if (value !== undefined) sink.double(figureTag.value, value);
    if (!Object.is(samples, 0)) sink.double(figureTag.samples, samples);
    if (lower !== undefined) sink.double(figureTag.lower, lower);
    if (upper !== undefined) sink.double(figureTag.upper, upper);
    if (effectiveSamples !== undefined) sink.double(figureTag.effective, effectiveSamples);
  }
  sink.close(opened);
}
