import type { EnvironmentFold } from '../read-model/environment-fold.js';
import type { RuleQualityView } from '../read-model/alert-quality-views.js';
import { modelLabels, type Family } from './model-family.js';

/** So many rules of an environment are exposed: those with the most verdicts and reports. */
const mostRules = 200;

/** How good alerts are. */
export function qualityFamilies(folds: readonly EnvironmentFold[]): Family[] {
  const rules = folds.flatMap(({ environment, quality }) =>
    quality
      .view()
      .rules.filter((rule) => said(rule) > 0)
      .sort((a, b) => said(b) - said(a))
      .slice(0, mostRules)
      .map((rule) => ({ environment, rule })),
  );
  const labels = [...modelLabels, 'rule'] as const;
  const of = (name: string, help: string, value: (rule: RuleQualityView) => number | null): Family => ({
    ...{ name, help, labels },
    samples: rules.flatMap(({ environment, rule }) => {
      const found = value(rule);
      if (found === null) return [];
      return [{ labels: { environment, model: rule.model, rule: rule.rule }, value: found }];
    }),
  });
  return [
    of(
      'moola_alert_false_positive_ratio',
      'Alerts judged false ÷ those judged real or false; not there while nobody has judged. Target: below 0.1.',
      ({ falsePositiveRate }) => falsePositiveRate,
    ),
    of(
      'moola_alert_false_negative_ratio',
      'Incidents reported as missed ÷ these and those judged real; not there without either. Target: below 0.05.',
      ({ falseNegativeRate }) => falseNegativeRate,
    ),
    of(
      'moola_alert_judged_incidents',
      'Incidents judged real or false: what the ratio rests on.',
      (rule) => rule.real + rule.false,
    ),
    of('moola_alert_missed_incidents', 'Incidents reported as missed.', ({ missed }) => missed),
  ];
}

const said = ({ real, false: wrong, unclear, missed }: RuleQualityView): number => real + wrong + unclear + missed;
