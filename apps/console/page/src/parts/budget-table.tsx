import type { BudgetLineView, VersionView } from '../../../src/read-model/views';
import { lineKey } from '../words/budget';
import { count, metricLabel, metricValue, worth } from '../words/format';
import { Verdict } from './verdict';

function Line({ line }: { readonly line: BudgetLineView | undefined }) {
  if (!line) return <td>–</td>;
  const { figure } = line;
  const effective = figure?.effectiveSamples;
  const samples = figure ? `n = ${count(figure.samples)}${effective ? `, worth ${worth(effective)}` : ''}` : 'no data';
  return (
    <td class={`line ${line.verdict}`} title={`limit ${metricValue(line.metric, line.limit)}, ${line.severity}`}>
      {metricValue(line.metric, figure?.value ?? null)}
      <small>{samples}</small>
    </td>
  );
}

/** Every version against every line of the budget: what serves first. */
export function BudgetTable({ versions }: { readonly versions: readonly VersionView[] }) {
  const lines = versions.find(({ lines }) => lines.length > 0)?.lines ?? [];
  if (lines.length === 0) return null;
  return (
    <div class="scroll" role="region" aria-label="Versions and budget" tabIndex={0}>
      <table class="versions">
        <caption>Versions and budget</caption>
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">Budget</th>
            {lines.map((line) => (
              <th scope="col" key={lineKey(line)}>
                {metricLabel(line.metric)}
                <small>{`budget ${metricValue(line.metric, line.limit)}${line.gate ? ', gate' : ''}`}</small>
                <small class="guard" title="Which rule alerts when the line is out">
                  {line.rules.length === 0 ? 'alerts nobody' : `alert ${line.rules.join(', ')}`}
                </small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {versions.map((version) => (
            <tr key={version.version}>
              <th scope="row" title={version.build}>
                {version.version} {version.serving ? <span class="badge serving">serves</span> : <small>shadow</small>}
              </th>
              <td>
                <Verdict verdict={version.verdict} />{' '}
                {version.knownGood && <small>{version.verdict === 'within' ? 'known good' : 'was good before'}</small>}
              </td>
              {lines.map(lineKey).map((key) => (
                <Line key={key} line={version.lines.find((line) => lineKey(line) === key)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
