import { subjectMetricNamed } from '@moola/metrics/catalogue';
import type { SubjectMetric } from '@moola/metrics/subject-metric';
import { defaultSubjectRules } from '@moola/rules/default-subject-rules';
import { inhibitorsFirst } from '@moola/rules/inhibitors';
import type { RuleDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';

/** A rule on every job or every instance of a model. */
export interface SubjectRule {
  /** The alert's name. */
  readonly name: string;
  readonly definition: RuleDefinition;
  readonly metric: SubjectMetric;
}

/** How the jobs and instances of a model are watched. */
export interface SubjectWatch {
  readonly declared: boolean;
  /** By name, but those that hold others back before these. */
  readonly rules: readonly SubjectRule[];
}

/**
 * The rules of a model on jobs and on instances. Where none is defined on one of them, the default rules on it apply, whether the
 * model is declared or not.
 * @param rules those that name the model or all models, by alert name
 */
export function watchSubjects(declared: boolean, rules: ReadonlyMap<string, RuleDefinition>): SubjectWatch {
  const own = [...rules].flatMap(([name, definition]) => ruleOf(name, definition));
  const defined = new Set(own.map(({ metric }) => metric.subject));
  const defaults = [...defaultSubjectRules]
    .flatMap(([name, definition]) => ruleOf(name, definition))
    .filter(({ metric }) => !defined.has(metric.subject));
  const named = [...own, ...defaults].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { declared, rules: inhibitorsFirst(named, ({ definition }) => definition.unless) };
}

function ruleOf(name: string, definition: RuleDefinition): SubjectRule[] {
  const metric = subjectMetricNamed(definition.metric);
  return metric === undefined ? [] : [{ name, definition, metric }];
}
