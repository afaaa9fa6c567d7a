import { subjectMetricNamed } from '@moola/metrics/catalogue';
import type { SubjectMetric } from '@moola/metrics/subject-metric';
import { defaultSubjectRules } from '@moola/rules/default-subject-rules';
import { inhibitorsFirst } from '@moola/rules/inhibitors';
import { budgetRules } from '@moola/rules/budget-rules';
import type { ModelDefinition, RuleDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';

/** A rule on every job, every instance or every measurement of a model. */
export interface SubjectRule {
  /** The alert's name. */
  readonly name: string;
  readonly definition: RuleDefinition;
  readonly metric: SubjectMetric;
  /** The alerts that hold its own back, by their names. */
  readonly unless: readonly string[];
}

/** How the jobs, instances and measurements of a model are watched. */
export interface SubjectWatch {
  readonly declared: boolean;
  /** By name, but those that hold others back before these. */
  readonly rules: readonly SubjectRule[];
}

/**
 * The rules of a model on jobs, on instances and on measurements, those of its budget among them. Where none is defined on one of them, the default rules on it apply, whether the
 * model is declared or not.
 * @param rules those that name the model or all models, by alert name
 */
export function watchSubjects(
  model: ModelDefinition | undefined,
  rules: ReadonlyMap<string, RuleDefinition>,
): SubjectWatch {
  const ofBudget = [...budgetRules(model?.budget, rules).own].map(
    ([name, { definition }]) => [name, definition] as const,
  );
  const own = [...rules, ...ofBudget].flatMap(([name, definition]) => ruleOf(name, definition));
  const defined = new Set(own.map(({ metric }) => metric.subject));
  const defaults = [...defaultSubjectRules]
    .flatMap(([name, definition]) => ruleOf(name, definition))
    .filter(({ metric }) => !defined.has(metric.subject));
  const named = [...own, ...defaults].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { declared: model !== undefined, rules: inhibitorsFirst(named, ({ definition }) => definition.unless) };
}

function ruleOf(name: string, definition: RuleDefinition): SubjectRule[] {
  const metric = subjectMetricNamed(definition.metric);
  return metric === undefined ? [] : [{ name, definition, metric, unless: definition.unless }];
}
