import type { ProtectedView, RevenueView } from '../../../src/read-model/views';
import { dollars } from '../words/format';

interface MoneyProps {
  readonly revenue: RevenueView | null;
  readonly protectedValue: readonly ProtectedView[];
}

export function Money({ revenue, protectedValue }: MoneyProps) {
  if (!revenue) return null;
  const saved = protectedValue.reduce((sum, { usd }) => sum + usd, 0);
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
      <div class={revenue.lossPerMinuteUsd > 0 ? 'bad' : ''}>
        <dt>Loss a minute</dt>
        <dd>{dollars(revenue.lossPerMinuteUsd)}</dd>
      </div>
      <div>
        <dt>Protected by rollbacks</dt>
        <dd>{dollars(saved)}</dd>
      </div>
    </dl>
  );
}
