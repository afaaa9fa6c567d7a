import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { nearest } from '@moola/contracts/definitions/nearest';
import type { ArmFigures } from '@moola/statistics/analysis/arm-figures';
import { readCsvRows } from '../replay/csv-rows.js';
import type { ExperimentConfig } from './config.js';
import { isSummary, readSummary } from './summary-table.js';
import { UnitsScanner, type ScannedColumns } from './units-scanner.js';
import { UnitsOfRows, UnitsTable, type MetricPlaces } from './units-table.js';

/** What a file says of an experiment. */
export interface ExperimentRows {
  /** In order of appearance; those that were planned and have no rows at the end. */
  readonly arms: readonly ArmFigures[];
  readonly refused: {
    readonly count: number;
    /** The first of them. */
    readonly rows: readonly { readonly line: number; readonly problem: string }[];
  };
  /** Units that were seen in more than one arm; `null`: units have no names. */
  readonly contaminated: number | null;
  /** Whether units have several rows. */
  readonly hasClusters: boolean;
  /** Arms with rows that the weights do not name: they are left out. */
  readonly unknownArms: readonly { readonly arm: string; readonly units: number }[];
}

export type RowsReading =
  { readonly ok: true; readonly rows: ExperimentRows } | { readonly ok: false; readonly problems: readonly string[] };

/** So much is read at once. */
const pieceBytes = 1 << 20;
/** A header is not longer. */
const longestHeader = 1 << 20;

/** Reads a CSV file of units or of arms, gzipped or not, piece by piece. */
export async function readExperiment(given: string, config: ExperimentConfig): Promise<RowsReading> {
  const path = fileName(given);
  const file = given === '-' ? process.stdin : createReadStream(path, { highWaterMark: pieceBytes });
  const source = path.endsWith('.gz') ? file.pipe(createGunzip({ chunkSize: pieceBytes })) : file;
  file.on('error', (error: Error) => source.destroy(error));
  let head: Buffer = Buffer.alloc(0);
  let scanner: { scanner: UnitsScanner; table: UnitsTable; units: UnitsOfRows | null } | null = null;
  let summary = false;
  try {
    for await (const piece of source as AsyncIterable<Buffer>) {
      if (scanner !== null) {
        scanner.scanner.read(piece, false);
        continue;
      }
      head = head.length === 0 ? piece : Buffer.concat([head, piece]);
      if (summary) continue;
      const end = head.indexOf(10);
      if (end < 0 && head.length < longestHeader) continue;
      const header = headerOf(head.subarray(0, end < 0 ? head.length : end).toString('utf8'));
      if (isSummary(header, config)) {
        summary = true;
        continue;
      }
      const begun = unitsScanner(path, header, config);
      if ('problems' in begun) return { ok: false, problems: begun.problems };
      scanner = begun;
      scanner.scanner.read(head.subarray(end + 1), false);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { ok: false, problems: [`cannot read ${path}: ${zipFaults[code ?? ''] ?? message}`] };
  }
  if (scanner === null) {
    const header = headerOf(head.toString('utf8').split('\n')[0] ?? '');
    if (summary || isSummary(header, config)) return ofSummary(path, head.toString('utf8'), config);
    const begun = unitsScanner(path, header, config);
    const problems = 'problems' in begun ? begun.problems : [`${path}: has no rows behind its header`];
    return { ok: false, problems };
  }
  scanner.scanner.read(new Uint8Array(0), true);
  const { table, units } = scanner;
  // An arm of which every row was refused was not seen.
  const figures = table.figures(scanner.scanner.arms).filter(({ units: seen }) => seen > 0);
  if (figures.length === 0 && table.refusedRows === 0)
    return { ok: false, problems: [`${path}: has no rows behind its header`] };
  const refused = { count: table.refusedRows, rows: table.problems };
  return complete(path, config, figures, {
    refused,
    contaminated: units?.contaminated ?? null,
    hasClusters: units?.hasClusters ?? false,
  });
}

/** What a file is called to people. */
export const fileName = (path: string): string => (path === '-' ? 'standard input' : path);

const zipFaults: Readonly<Record<string, string>> = {
  Z_DATA_ERROR: 'its name ends in .gz, and it is not gzipped, or damaged',
  Z_BUF_ERROR: 'it is cut short: copy it again',
};

function ofSummary(path: string, text: string, config: ExperimentConfig): RowsReading {
  const reading = readSummary(path, text.replace(/^\uFEFF/, ''), config);
  if (!reading.ok) return reading;
  return complete(path, config, reading.arms, {
    refused: { count: 0, rows: [] },
    contaminated: null,
    hasClusters: false,
  });
}

/** With control there, unknown arms left out, and planned ones that nobody has seen put in. */
function complete(
  path: string,
  config: ExperimentConfig,
  figures: readonly ArmFigures[],
  rest: Pick<ExperimentRows, 'refused' | 'contaminated' | 'hasClusters'>,
): RowsReading {
  const { control, weights } = config.plan;
  const names = figures.map(({ arm }) => arm);
  const first = rest.refused.rows[0];
  if (names.length === 0)
    return { ok: false, problems: [`${path}: every row was refused; line ${first?.line}: ${first?.problem}`] };
  if (!names.includes(control)) {
    const near = nearest(control, names);
    const hint = near === null ? '' : `: did you mean ${near}?`;
    return {
      ok: false,
      problems: [
        `${path}: no row is of control "${control}"; its arms are ${names.join(', ')}${hint}`,
        ...(first === undefined
          ? []
          : [`${path}: rows that were refused: ${rest.refused.count}; line ${first.line}: ${first.problem}`]),
      ],
    };
  }
  const known = figures.filter(({ arm }) => weights === null || weights.has(arm));
  const unknownArms = figures.filter((each) => !known.includes(each)).map(({ arm, units }) => ({ arm, units }));
  const unseen = [...(weights ?? new Map<string, number>())]
    .filter(([arm, weight]) => weight > 0 && !names.includes(arm))
    .map(([arm]): ArmFigures => ({ arm, units: 0, metrics: config.plan.metrics.map(() => nothing) }));
  const arms = [...known, ...unseen];
  if (arms.length < 2)
    return { ok: false, problems: [`${path}: has only the arm "${control}": there is nothing to compare it with`] };
  return { ok: true, rows: { arms, unknownArms, ...rest } };
}

const nothing = {
  estimate: { value: NaN, variance: NaN, samples: 0, freedom: null },
  successes: null,
  covariate: null,
} as const;

function headerOf(line: string): string[] {
  const header: string[] = [];
  readCsvRows(line.replace(/^\uFEFF/, '').trimEnd(), {
    row: (cells) => header.push(...cells.map((cell) => cell.trim())),
    unclear: () => undefined,
  });
  return header;
}

/** Why a file with this header is no CSV to begin with; `null` when it may be one. */
function formProblem(header: readonly string[]): string | null {
  const [first = ''] = header;
  if (header.length <= 1 && first === '') return 'is empty: the first line has the names of the columns';
  if (first.startsWith('\u001f\uFFFD')) return 'is gzipped: let its name end in .gz, or unpack it first (gunzip -c)';
  if (header.some((cell) => /[\0\uFFFD]/.test(cell)))
    return 'is no text in UTF-8: save it as "CSV UTF-8", with commas between cells';
  const found = header.length === 1 ? separators.find(([separator]) => first.includes(separator)) : undefined;
  return found === undefined ? null : `has ${found[1]} between its cells: write commas`;
}

const separators = [
  [';', 'semicolons'],
  ['\t', 'tabs'],
] as const;

function unitsScanner(path: string, header: readonly string[], config: ExperimentConfig) {
  const form = formProblem(header);
  if (form !== null) return { problems: [`${path}: ${form}`] };
  const problems: string[] = [];
  const place = (column: string, what: string): number => {
    const at = header.indexOf(column);
    if (at >= 0 && header.indexOf(column, at + 1) > 0) problems.push(`${path}: the column "${column}" stands twice`);
    if (at >= 0) return at;
    const near = nearest(column, header);
    problems.push(
      `${path}: has no column "${column}" (${what})${near === null ? `; it has ${header.join(', ')}` : `: did you mean ${near}?`}`,
    );
    return -1;
  };
  const numbers: number[] = [];
  const isBinary: boolean[] = [];
  const numberAt = (column: string, what: string, binary: boolean): number => {
    const at = place(column, what);
    const known = numbers.indexOf(at);
    const i = known >= 0 ? known : numbers.push(at) - 1;
    isBinary[i] = (isBinary[i] ?? false) || binary;
    return i;
  };
  const arm = place(config.armColumn, 'the arm');
  const unit = config.unitColumn === null ? null : place(config.unitColumn, 'the unit');
  const places = config.plan.metrics.map(({ name, type }, i): MetricPlaces => {
    const { column, denominator, covariate } = config.columns[i] as ExperimentConfig['columns'][number];
    const second = denominator ?? covariate;
    return {
      value: numberAt(column, `metric ${name}`, type === 'proportion'),
      second: second === null ? -1 : numberAt(second, `metric ${name}`, false),
    };
  });
  for (const taken of [arm, ...(unit === null ? [] : [unit])])
    if (taken >= 0 && numbers.includes(taken))
      problems.push(`${path}: the column "${header[taken]}" is arm or unit, and no metric`);
  if (problems.length > 0) return { problems };
  const columns: ScannedColumns = { header, arm, unit, numbers, isBinary };
  const units = unit === null ? null : new UnitsOfRows(config, places);
  const table = new UnitsTable(config, places, units);
  return { scanner: new UnitsScanner(columns, table, 2), table, units };
}
