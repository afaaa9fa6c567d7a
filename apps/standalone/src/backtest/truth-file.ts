import { nearest } from '@moola/contracts/definitions/nearest';
import type { LocalTime } from '@moola/contracts/instants/read-instant';
import { readTableFile, readTime, type Complain } from '../replay/table-file.js';

/** A time in which a model really was as bad as an alert says. */
export interface RealIncident {
  readonly model: string;
  /** The rule that should have fired; empty: any of the model. */
  readonly rule: string;
  readonly fromMs: number;
  /** Exclusive; `Infinity`: it lasted until the end of the log. */
  readonly toMs: number;
  readonly line: number;
}

export type TruthReading =
  | { readonly ok: true; readonly incidents: readonly RealIncident[] }
  | { readonly ok: false; readonly problems: readonly string[] };

const headers = ['model,from,to', 'model,from,to,rule'];

/**
 * Reads when each model really was bad: CSV with the columns model, from, to and, if one likes, rule. One row that cannot be read
 * spoils it: figures that rest on half of the truth would mislead.
 * @param rules the rules of each model that is declared
 * @param clocks whose clocks times without a zone mean; `null`: such times are refused
 */
export function readTruth(
  path: string,
  rules: ReadonlyMap<string, ReadonlySet<string>>,
  clocks: LocalTime | null,
): TruthReading {
  const table = readTableFile(path, headers, (cells, header, line, complain) => {
    if (cells.length === header.length) return readIncident(cells, line, rules, clocks, complain);
    complain(`has ${cells.length} cells, the header ${header.length}`);
    return null;
  });
  if (!table.ok) return table;
  const problems = overlaps(path, table.rows);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, incidents: table.rows };
}

function readIncident(
  cells: readonly string[],
  line: number,
  rules: ReadonlyMap<string, ReadonlySet<string>>,
  clocks: LocalTime | null,
  complain: Complain,
): RealIncident {
  const [model = '', from = '', to = '', rule = ''] = cells;
  const ofModel = rules.get(model);
  if (ofModel === undefined) complain(`model: "${model}" is not declared${hint(model, [...rules.keys()])}`);
  else if (rule !== '' && !ofModel.has(rule))
    complain(`rule: ${model} has no rule "${rule}"${hint(rule, [...ofModel])}`);
  const fromMs = readTime('from', from, clocks, complain);
  const toMs = to === '' ? Infinity : readTime('to', to, clocks, complain);
  if (toMs <= fromMs) complain(`to: ${to} is not after from, ${from}`);
  return { model, rule, fromMs, toMs, line };
}

function hint(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return meant === null ? `: there is ${known.join(', ') || 'none'}` : `: did you mean "${meant}"?`;
}

/** Of one rule, or of any rule of a model, one incident at a time. */
function overlaps(path: string, incidents: readonly RealIncident[]): string[] {
  const sorted = [...incidents].sort((a, b) => a.fromMs - b.fromMs || a.line - b.line);
  const last = new Map<string, RealIncident>();
  return sorted.flatMap((incident) => {
    const key = JSON.stringify([incident.model, incident.rule]);
    const before = last.get(key);
    if (before === undefined || before.toMs <= incident.toMs) last.set(key, incident);
    if (before === undefined || before.toMs <= incident.fromMs) return [];
    return [`${path}:${incident.line}: overlaps the interval in line ${before.line}: make them one`];
  });
}
