import { EnvironmentFold } from '../read-model/environment-fold.js';
import { modelFamilies } from './model-metrics.js';

const begin = '<!-- The table is generated: node tools/docs/metrics.mjs -->';
const end = '<!-- end of the table -->';

/** docs/metrics.md with the table of the models' metrics as it must be. @throws when it has no place for it */
export function withModelMetrics(page: string): string {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`docs/metrics.md lacks "${begin}" or "${end}"`);
  return `${before}${begin}\n\n${table()}\n\n${end}${after}`;
}

function table(): string {
  const rows = modelFamilies([new EnvironmentFold('live')], 0).map(({ name, labels, help }) => [
    ...[`\`${name}\``, labels.join(', '), help.replace(/\.$/, '')],
  ]);
  const all = [['Metric', 'Labels', 'What it says'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = all;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...body.map(line)].join('\n');
}
