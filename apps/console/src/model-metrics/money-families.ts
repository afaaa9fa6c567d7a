import type { RevenueView } from '../read-model/views.js';
import { modelLabels, type ExposedEnvironment, type Family } from './model-family.js';

const secondsPerMinute = 60;
const secondsPerDay = 86_400;

/** What models are worth, in US dollars. Only of models whose value somebody declared. */
export function moneyFamilies(environments: readonly ExposedEnvironment[]): Family[] {
  const labels = [...modelLabels, 'version', 'role'];
  const ofRevenue = (name: string, help: string, value: (revenue: RevenueView) => number | null): Family => ({
    ...{ name, help, labels },
    samples: environments.flatMap(({ fold: { environment }, models }) =>
      models.flatMap(({ model, revenue }) => {
        const found = revenue === null ? null : value(revenue);
        if (revenue === null || found === null) return [];
        return [{ labels: { environment, model, version: revenue.servingVersion, role: 'primary' }, value: found }];
      }),
    ),
  });
  const per = (value: number | null, seconds: number): number | null => (value === null ? null : value / seconds);
  return [
    ofRevenue(
      'moola_model_projected_revenue_usd_per_second',
      "Revenue at the accuracy of the budget's window; times 86400: a day.",
      ({ projectedPerDayUsd }) => per(projectedPerDayUsd, secondsPerDay),
    ),
    ofRevenue(
      'moola_model_earned_revenue_usd',
      'Revenue of the correct answers of what served; a late label or a correction changes it.',
      ({ earnedUsd }) => earnedUsd,
    ),
    ofRevenue(
      'moola_model_efficiency_ratio',
      'Net revenue divided by the costs of infrastructure and model.',
      ({ efficiencyScore }) => efficiencyScore,
    ),
    ofRevenue(
      'moola_model_loss_usd_per_second',
      'What the model loses while it is out of budget; times 60: a minute.',
      ({ lossPerMinuteUsd }) => per(lossPerMinuteUsd, secondsPerMinute),
    ),
    {
      name: 'moola_model_protected_usd',
      help: 'What rollbacks have protected, by the answers of both versions to the same inputs.',
      labels: modelLabels,
      samples: environments.flatMap(({ fold: { environment }, models }) =>
        models.flatMap(({ model, protectedValue }) => {
          const known = protectedValue.flatMap(({ usd }) => (usd === null ? [] : [usd]));
          if (known.length === 0) return [];
          return [{ labels: { environment, model }, value: known.reduce((sum, usd) => sum + usd, 0) }];
        }),
      ),
    },
    {
      name: 'moola_model_incidents_open',
      help: 'Incidents of the model that are not resolved.',
      labels: modelLabels,
      samples: environments.flatMap(({ fold: { environment }, models }) =>
        models.map(({ model, openIncidents }) => ({ labels: { environment, model }, value: openIncidents.length })),
      ),
    },
  ];
}
