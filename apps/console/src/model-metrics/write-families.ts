import type { Family, Sample } from './model-family.js';

/**
 * Families as a text of Prometheus' format 0.0.4. Written here and not by prom-client: it keeps each series as an object under a
 * hash of its labels, which takes ten times as long, and there may be tens of thousands.
 */
export function writeFamilies(families: readonly Family[]): string {
  const lines: string[] = [];
  const written = new Map<Sample['labels'], string>();
  for (const { name, help, samples } of families) {
    lines.push(`# HELP ${name} ${help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}`, `# TYPE ${name} gauge`);
    for (const { labels, value } of samples) {
      let text = written.get(labels);
      if (text === undefined) written.set(labels, (text = labelText(labels)));
      lines.push(`${name}{${text}} ${valueText(value)}`);
    }
  }
  lines.push('');
  return lines.join('\n');
}

function labelText(labels: Readonly<Record<string, string>>): string {
  let text = '';
  for (const name in labels) {
    const value = labels[name] ?? '';
    text += `${text === '' ? '' : ','}${name}="${special.test(value) ? escaped(value) : value}"`;
  }
  return text;
}

const special = /["\\\n]/;

function escaped(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"');
}

/** JavaScript writes finite numbers in a form that Prometheus reads. */
function valueText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
