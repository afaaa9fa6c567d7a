import { delimitedSize, type ByteSink } from '../byte-sink.js';
import type { Figure, WindowSnapshot } from '../gen/moola/v1/snapshots_pb.js';
import { Role } from '../gen/moola/v1/telemetry_pb.js';
import { doubleSize, isZero, textSize } from './sizes.js';
import { figureTag, windowTag } from './tags.js';
import { utf8 } from './texts.js';

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
  private sizes = new Uint32Array(32);

  constructor(private readonly sink: ByteSink) {}

  /** Bytes of the window's message; to be called right before `write`. */
  size(window: WindowSnapshot): number {
    const { figures } = window;
    if (figures.length > this.sizes.length) this.sizes = new Uint32Array(2 * figures.length);
    const role = window.role === Role.UNSPECIFIED ? 0 : 2;
    let size = textSize(utf8(window.version)) + role + (window.serving ? 2 : 0) + doubleSize(window.windowMs);
    for (let i = 0; i < figures.length; i++) {
      const figure = figures[i] as Figure;
      const before = this.written[i];
      const own = before?.figure === figure ? before.end - before.start : delimitedSize(figureSize(figure));
      this.sizes[i] = own;
      size += own;
    }
    return size;
  }

  write(window: WindowSnapshot): void {
    const { sink } = this;
    const version = utf8(window.version);
    if (version.length > 0) sink.delimited(windowTag.version, version);
    if (window.role !== Role.UNSPECIFIED) sink.unsigned(windowTag.role, window.role);
    if (window.serving) sink.unsigned(windowTag.serving, 1);
    if (!isZero(window.windowMs)) sink.double(windowTag.windowMs, window.windowMs);
    for (let i = 0; i < window.figures.length; i++) this.writeFigure(window.figures[i] as Figure, i);
  }

  private writeFigure(figure: Figure, place: number): void {
    const { sink } = this;
    const before = this.written[place];
    const start = sink.length;
    if (before?.figure === figure) sink.again(before.start, before.end);
    else writeFigure(sink, figure, this.sizes[place] as number);
    const end = sink.length;
    if (before === undefined) this.written[place] = { figure, start, end };
    else [before.figure, before.start, before.end] = [figure, start, end];
  }
}

function writeFigure(sink: ByteSink, figure: Figure, size: number): void {
  const { value, samples, lower, upper, effectiveSamples } = figure;
  const metric = utf8(figure.metric);
  sink.varint(windowTag.figures);
  sink.varint(size <= 129 ? size - 2 : figureSize(figure));
  if (metric.length > 0) sink.delimited(figureTag.metric, metric);
  if (value !== undefined) sink.double(figureTag.value, value);
  if (!isZero(samples)) sink.double(figureTag.samples, samples);
  if (lower !== undefined) sink.double(figureTag.lower, lower);
  if (upper !== undefined) sink.double(figureTag.upper, upper);
  if (effectiveSamples !== undefined) sink.double(figureTag.effective, effectiveSamples);
}

function figureSize({ metric, value, samples, lower, upper, effectiveSamples }: Figure): number {
  let size = textSize(utf8(metric)) + doubleSize(samples);
  if (value !== undefined) size += 9;
  if (lower !== undefined) size += 9;
  if (upper !== undefined) size += 9;
  if (effectiveSamples !== undefined) size += 9;
  return size;
}
