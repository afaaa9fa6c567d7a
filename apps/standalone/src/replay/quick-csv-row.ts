import { featureLimits, most, segmentLimits } from '@moola/collector/receive/domain/limits';
import { predictionFields, type PredictionField } from '@moola/collector/receive/domain/prediction-fields';
import { InstantTexts } from '@moola/collector/receive/domain/quick/instant-text';
import { PredictionDraft } from '@moola/collector/receive/domain/quick/prediction-draft';
import { isPrintable } from '@moola/collector/receive/domain/quick/texts';
import { noSegments } from '@moola/contracts/columns/segments';
import type { PlainOutcome } from '@moola/contracts/plain-outcome';
import type { PredictionRow } from '@moola/contracts/rows';
import { isNamedColumn, roles } from './csv-row.js';
import { decimal } from './decimal.js';
import { tableOutcome, tableSource } from './table-outcome.js';

/** Any time: a replay refuses nothing for its age, and sends it when it is due. */
const anyTime = { fromMs: 0, untilMs: Infinity };

/**
 * Reads the rows of a CSV log that are plainly right, with times in UTC, to the same as `readCsvRow` and the doors make of them;
 * it leaves everything else to these, which say what is wrong. One row at a time: the next takes its place.
 */
export class QuickCsvRow {
  private readonly draft = new PredictionDraft();
  private readonly times = new InstantTexts();
  private readonly knownTimes = new InstantTexts();
  /** What is done with each cell of a row; false: it is not plainly right. */
  private readonly readers: readonly ((cell: string) => boolean)[];
  private segments: Record<string, string> | null = null;
  private knownAt = '';
  private knownMs = NaN;
  private prediction!: PredictionRow;
  hasRole = false;
  /** Empty: the outcome is not known. */
  truth = '';

  /** @param model of rows that name none */
  constructor(
    header: readonly string[],
    private readonly model: string,
  ) {
    const hasTooMany = header.filter((name) => name.startsWith('segment.')).length > segmentLimits.entries;
    this.readers = header.map((name) => (hasTooMany && isNamedColumn(name) ? () => false : this.readerOf(name)));
  }

  /** The prediction; `null` when the row is not plainly right. */
  read(cells: readonly string[]): PredictionRow | null {
    const { draft, readers } = this;
    draft.clear();
    draft.model = this.model;
    this.segments = null;
    this.hasRole = false;
    this.truth = '';
    this.knownAt = '';
    for (let i = 0; i < readers.length; i++) {
      const cell = cells[i] as string;
      if (cell !== '' && !(readers[i] as (cell: string) => boolean)(cell)) return null;
    }
    draft.segments = this.segments ?? noSegments;
    const row = draft.row('', tableSource, anyTime);
    if (row === null || (this.truth !== '' && !this.readKnownAt())) return null;
    this.prediction = row;
    return row;
  }

  /** The outcome of the row that was read; only where its truth is known. */
  outcome(): { readonly timeMs: number; readonly row: PlainOutcome } {
    const { prediction, truth, knownMs } = this;
    return { timeMs: knownMs, row: tableOutcome(prediction.model, prediction.input, truth, knownMs) };
  }

  private readKnownAt(): boolean {
    const known = this.knownTimes.read(this.knownAt);
    if (known === null) return false;
    // A replay's times are milliseconds.
    this.knownMs = known.seconds * 1000 + Math.floor(known.nanos / 1_000_000);
    return true;
  }

  private readerOf(name: string): (cell: string) => boolean {
    const { draft } = this;
    if (isNamedColumn(name)) return this.readerOfNamed(name);
    switch (name) {
      case 'time':
        return (cell) => {
          const instant = this.times.read(cell);
          if (instant !== null) draft.timeMs = instant.seconds * 1000 + Math.floor(instant.nanos / 1_000_000);
          return instant !== null;
        };
      case 'truth':
        return (cell) => {
          this.truth = cell;
          return isPrintable(cell, most.name);
        };
      case 'known_at':
        return (cell) => {
          this.knownAt = cell;
          return true;
        };
      case 'role':
        return (cell) => {
          const role = roles.get(cell);
          if (role !== undefined) draft.role = role;
          this.hasRole = true;
          return role !== undefined;
        };
      default:
        return this.readerOfField(predictionFields.find(({ inFiles }) => inFiles === name));
    }
  }

  /** A field of the prediction that is a text or a number. */
  private readerOfField(field: PredictionField | undefined): (cell: string) => boolean {
    const draft = this.draft as unknown as Record<string, string | number>;
    const { name = '', longest = 0, type } = field ?? {};
    switch (type) {
      case 'text':
      case 'unique':
      case 'run':
        return (cell) => {
          draft[name] = cell;
          return isPrintable(cell, longest);
        };
      case 'number':
        return (cell) => {
          draft[name] = Number(cell);
          return decimal.test(cell);
        };
      default:
        return () => false;
    }
  }

  private readerOfNamed(name: string): (cell: string) => boolean {
    const key = name.slice(name.indexOf('.') + 1);
    if (name.startsWith('feature.')) {
      if (!isPrintable(key, featureLimits.key)) return () => false;
      return (cell) => decimal.test(cell) && this.draft.addFeature(key, Number(cell));
    }
    // The doors see whether they come to 1.
    if (name.startsWith('probability.')) return () => false;
    if (key === '' || key === '__proto__' || !isPrintable(key, segmentLimits.key)) return () => false;
    return (cell) => {
      (this.segments ??= {})[key] = cell;
      return isPrintable(cell, most.name);
    };
  }
}
