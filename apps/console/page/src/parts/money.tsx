import type { ProtectedView, RevenueView } from '../../../src/read-model/views';
import { dollars } from '../words/format';

interface MoneyProps {
  readonly model: string;
  readonly revenue: RevenueView | null;
  readonly protectedValue: readonly ProtectedView[];
}

/** Money that nobody declared is not shown: only how to declare it. */
function Undeclared({ model }: { readonly model: string }) {
  return (
    <div class="undeclared">
      <p>Money is unknown: nobody declared what an answer of {model} is worth.</p>
      <details>
        <summary>How to declare what it is worth</summary>
        <pre>{`kind: Value\nname: ${model}\nvaluePerPrediction: 1.00 # your figure: US dollars that a correct answer is worth`}</pre>
      </details>
    </div>
  );
}

export function Money({ model, revenue, protectedValue }: MoneyProps) {
  if (!revenue) return null;
  if (revenue.earnedUsd === null) return <Undeclared model={model} />;
  const lossPerMinuteUsd = revenue.lossPerMinuteUsd ?? 0;
  const saved = protectedValue.reduce((sum, { usd }) => sum + (usd ?? 0), 0);
  return (
    <dl class="figures">
      <div>
        <dt>Earned</dt>
        <dd>{dollars(revenue.earnedUsd)}</dd>
      </div>
      <div title="accuracy × predictions a day × value a prediction">
        <dt>Projected a day</dt>
        <dd>{dollars(revenue.projectedPerDayUsd)}</dd>
      </div>
      <div title="net revenue ÷ (infrastructure + model cost)">
        <dt>Efficiency</dt>
        <dd>{revenue.efficiencyScore === null ? '–' : revenue.efficiencyScore.toFixed(1)}</dd>
      </div>
      <div class={lossPerMinuteUsd > 0 ? 'bad' : ''}>
        <dt>Loss a minute</dt>
        <dd>{dollars(lossPerMinuteUsd)}</dd>
      </div>
      <div>
        <dt>Protected by rollbacks</dt>
        <dd>{dollars(saved)}</dd>
      </div>
    </dl>
  );
}
