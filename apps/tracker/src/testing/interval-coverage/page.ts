import { summaryOf, type Cell, type Covered } from './coverage.js';

const begin = '<!-- The table is generated: node tools/statistics/coverage.mjs -->';
const end = '<!-- end of the table -->';

/** docs/intervals.md with its table as it must be. @throws when it has no place for it */
export function withCoverage(page: string, measured: ReadonlyMap<Covered, readonly Cell[]>): string {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`docs/intervals.md lacks "${begin}" or "${end}"`);
  return `${before}${begin}\n\n${table(measured)}\n\n${end}${after}`;
}

function table(measured: ReadonlyMap<Covered, readonly Cell[]>): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const head = ['Method', 'Of', 'Grid', 'Nominal', 'Mean', 'Least'];
  const rows = [...measured].map(([{ name, of, grid, nominal }, cells]) => {
    const { mean, least } = summaryOf(cells);
    const nominalPercent = `${Number((100 * nominal).toFixed(1))} %`;
    return [name, of, grid, nominalPercent, percent(mean), `${percent(least.coverage)} (${least.at})`];
  });
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n');
}
