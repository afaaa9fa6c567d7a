import type { BudgetLineView, FigureView, VersionView } from '../../../src/read-model/views';
import { lineKey, lineLabel } from '../words/budget';
import { count, effectiveSamples, metricValue } from '../words/format';
import { Instant } from '../words/instant';
import { Verdict } from './verdict';

const effectiveMeaning =
  'effective sample size: how many independent samples would carry as much information as these, which depend on each other';

/** The effective sample size where it is smaller than the count. */
function effectiveIfFewer({ effectiveSamples, samples }: FigureView): number | null {
  return effectiveSamples !== null && Math.round(effectiveSamples) < samples ? effectiveSamples : null;
}

function Line({ line }: { readonly line: BudgetLineView | undefined }) {
  if (!line) return <td>–</td>;
  const { figure } = line;
  const effective = figure && effectiveIfFewer(figure);
  const samples = figure
    ? `n = ${count(figure.samples)}${effective ? `, effective ${effectiveSamples(effective)}` : ''}`
    : 'no data';
  return (
    <td
      class={`line ${line.verdict}`}
      title={`limit ${metricValue(line.metric, line.limit)}, ${line.severity}${effective ? `; ${effectiveMeaning}` : ''}`}
    >
      <small>{lineLabel(line)}</small>
      {metricValue(line.metric, figure?.value ?? null)}
      <small>{samples}</small>
    </td>
  );
}

/** A rule's name that may go on in the next line between its words. */
export const breakable = (name: string) =>
  name.split(/(?<=[._])|(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/).flatMap((word) => [word, <wbr />]);

/** Every version against every line of the budget: the serving one first. */
export function BudgetTable({ versions }: { readonly versions: readonly VersionView[] }) {
  const lines = versions.find(({ lines }) => lines.length > 0)?.lines ?? [];
  if (lines.length === 0) return null;
  return (
    <section aria-label="Versions and budget">
      <table class="versions">
        <caption>Versions and budget</caption>
        <thead>
          <tr>
            <th scope="col">Version, budget</th>
            {lines.map((line) => (
              <th scope="col" key={lineKey(line)}>
                {lineLabel(line)}
                <small>{`budget ${metricValue(line.metric, line.limit)}${line.gate ? ', gate' : ''}`}</small>
                <small class="guard" title="Which rule alerts when the line is out">
                  {line.rules.length === 0 ? 'no alert' : <>alert {breakable(line.rules.join(', '))}</>}
                </small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {versions.map((version) => (
            <tr key={version.version}>
              <th scope="row" title={version.build}>
                {version.version}{' '}
                {version.serving ? <span class="badge serving">serves</span> : <small>{version.role}</small>}
                <div>
                  <Verdict verdict={version.verdict} />
                </div>
                {version.knownGood && <small>{version.verdict === 'within' ? 'known good' : 'was good before'}</small>}
                {version.knownGoodAtMs !== null && (
                  <small title="If it stays within budget until then, has served before, and is better on the same inputs.">
                    can be rolled back to from <Instant atMs={version.knownGoodAtMs} />
                  </small>
                )}
              </th>
              {lines.map(lineKey).map((key) => (
                <Line key={key} line={version.lines.find((line) => lineKey(line) === key)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
