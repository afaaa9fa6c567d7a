import type { ByteSink } from '../byte-sink.js';
import { FigureSchema, type Figure, type WindowSnapshot } from '../gen/moola/v1/snapshots_pb.js';
import { Role } from '../gen/moola/v1/telemetry_pb.js';
import { writeMessage } from '../message-writer.js';
import { figureTag, windowTag } from './tags.js';

/** A figure that stands in the sink, with tag and length. */
interface WrittenFigure {
  figure: Figure;
  start: number;
  end: number;
}

/** Writes windows. Windows of one version often share figures: their bytes are copied. */
export class WindowWriter {
  /** Of the window before, by the figure's place in it. */
  private readonly written: WrittenFigure[] = [];

  constructor(private readonly sink: ByteSink) {}

  write(window: WindowSnapshot): void {
    const { sink } = this;
    if (window.version !== '') sink.text(windowTag.version, window.version);
    if (window.role !== Role.UNSPECIFIED) sink.unsigned(windowTag.role, window.role);
    if (window.serving) sink.unsigned(windowTag.serving, 1);
    if (!Object.is(window.windowMs, 0)) sink.double(windowTag.windowMs, window.windowMs);
    // What is beyond it is not moved with it.
    this.written.length = Math.min(this.written.length, window.figures.length);
    for (let i = 0; i < window.figures.length; i++) this.writeFigure(window.figures[i] as Figure, i);
  }

  /** The window that was written last stands so many bytes further on. */
  moved(by: number): void {
    if (by === 0) return;
    for (const figure of this.written) {
      figure.start += by;
      figure.end += by;
    }
  }

  private writeFigure(figure: Figure, place: number): void {
    const { sink } = this;
    const before = this.written[place];
    // A figure that is shared was written right before.
    if (before?.figure === figure) {
      const start = sink.length;
      sink.again(before.start, before.end);
      before.start = start;
      before.end = sink.length;
      return;
    }
    const start = sink.length;
    const opened = sink.open(windowTag.figures);
    writeFigure(sink, figure);
    sink.close(opened);
    this.written[place] = { figure, start, end: sink.length };
  }
}

function writeFigure(sink: ByteSink, figure: Figure): void {
  const { metric, value, samples, lower, upper, effectiveSamples } = figure;
  if (figure.$unknown !== undefined) {
    writeMessage(FigureSchema, figure, sink);
    return;
  }
  if (metric !== '') sink.text(figureTag.metric, metric);
  if (value !== undefined) sink.double(figureTag.value, value);
  if (!Object.is(samples, 0)) sink.double(figureTag.samples, samples);
  if (lower !== undefined) sink.double(figureTag.lower, lower);
  if (upper !== undefined) sink.double(figureTag.upper, upper);
  if (effectiveSamples !== undefined) sink.double(figureTag.effective, effectiveSamples);
}
