import { once } from '../console-metrics.js';
import { environment, type Board } from './board.js';
import { lines, stat, step } from './panels.js';

const of = 'environment=~"$environment"';
const byModel = '{{environment}} {{model}} {{version}}';

/** What the models earn, cost and lose. */
export const business: Board = {
  name: 'business',
  title: 'business',
  description:
    'What models earn, cost and lose, of those whose value somebody declared (kind: Value). How each figure is computed: docs/semantics.md.',
  variables: [environment],
  rows: {
    Now: [
      stat(
        {
          title: 'Projected revenue a day',
          description: "Accuracy over the budget's window × predictions a day × value of a prediction.",
          ...{ unit: 'currencyUSD', span: 6 },
        },
        { expr: `sum(${once(`moola_model_projected_revenue_usd_per_second{${of}}`)}) * 86400`, legend: 'a day' },
      ),
      stat(
        {
          title: 'Earned',
          description: 'Correct answers of what served × value, over all closed buckets.',
          ...{ unit: 'currencyUSD', span: 6 },
        },
        { expr: `sum(${once(`moola_model_earned_revenue_usd{${of}}`)})`, legend: 'earned' },
      ),
      stat(
        {
          title: 'Loss a minute',
          description: 'What models out of budget lose a minute.',
          ...{ unit: 'currencyUSD', span: 6 },
        },
        { expr: `sum(${once(`moola_model_loss_usd_per_second{${of}}`)}) * 60`, legend: 'a minute' },
        [step('green', null), step('red', 0.01)],
      ),
      stat(
        {
          title: 'Protected by rollbacks',
          description: 'By the answers of both versions to the same inputs since a rollback.',
          ...{ unit: 'currencyUSD', span: 6 },
        },
        { expr: `sum(${once(`moola_model_protected_usd{${of}}`)}) or on () vector(0)`, legend: 'protected' },
      ),
    ],
    'Over time': [
      lines(
        {
          title: 'Projected revenue a day',
          description: 'By model.',
          ...{ unit: 'currencyUSD', span: 12 },
        },
        [{ expr: `${once(`moola_model_projected_revenue_usd_per_second{${of}}`)} * 86400`, legend: byModel }],
      ),
      lines(
        {
          title: 'Earned',
          description: 'Late labels raise it, corrections may lower it.',
          ...{ unit: 'currencyUSD', span: 12 },
        },
        [{ expr: once(`moola_model_earned_revenue_usd{${of}}`), legend: byModel }],
      ),
      lines({ title: 'Loss a minute', description: 'By model.', ...{ unit: 'currencyUSD', span: 12 } }, [
        { expr: `${once(`moola_model_loss_usd_per_second{${of}}`)} * 60`, legend: byModel },
      ]),
      lines(
        {
          title: 'Efficiency',
          description:
            '(Revenue − cost) ÷ cost, cost being infrastructure and model. Above 0 the model earns more than it costs.',
          ...{ unit: 'short', span: 12 },
        },
        [{ expr: once(`moola_model_efficiency_ratio{${of}}`), legend: byModel }],
      ),
    ],
  },
};
