import { comparesBaseline } from '@moola/contracts/definitions/compares';
import { judgesWhatServes, watchesModel } from '@moola/contracts/definitions/match';
import { create } from '@bufbuild/protobuf';
import { budgetRulePrefix } from '@moola/contracts/definitions/rule';
import { sameSegment } from '@moola/contracts/definitions/segments';
import {
  Comparator,
  Compare,
  RuleDefinitionSchema,
  type Budget,
  type BudgetLine,
  type Definition,
  type LineAlert,
  type MeasurementLimit,
  type RuleDefinition,
} from '@moola/contracts/gen/moola/v1/definitions_pb';

/** The alert rules of a budget: semantics.md, "Rules and alerts". */
export interface BudgetRules {
  /** Those that its lines and its limits of measurements are themselves, by the alert's name. */
  readonly own: ReadonlyMap<string, OwnRule>;
  /** For each line, in the budget's order: which rules alert when it is out. None: nobody is alerted. */
  readonly guards: readonly (readonly string[])[];
  /** For each limit of a measurement, in the budget's order: the rule that it is. */
  readonly ofMeasurements: readonly string[];
}

export interface OwnRule {
  readonly definition: RuleDefinition;
  /** The line is a gate. */
  readonly gate: boolean;
}

/** The explicit rules on a model, by the alert's name: those for all models and, before them, those that name it. */
export function rulesOn(model: string, definitions: readonly Definition[]): ReadonlyMap<string, RuleDefinition> {
  const named = (of: string) =>
    definitions.flatMap(({ name, kind }): [string, RuleDefinition][] =>
      kind.case === 'rule' && kind.value.model === of && watchesModel(kind.value, model) ? [[name, kind.value]] : [],
    );
  return new Map([...named(''), ...named(model)]);
}

/** A line of a model's budget, and the rules that alert when it is out: none, nobody is alerted. */
export interface GuardedLine {
  readonly model: string;
  readonly line: BudgetLine;
  readonly rules: readonly string[];
}

/** A limit of a measurement in a model's budget, and the rule that it is. */
export interface GuardedMeasurement {
  readonly model: string;
  readonly measurement: MeasurementLimit;
  readonly rules: readonly string[];
}

/** Every limit of a measurement of every model among the definitions. */
export function guardedMeasurements(definitions: readonly Definition[]): GuardedMeasurement[] {
  return budgetsIn(definitions).flatMap(({ model, budget, rules: { ofMeasurements } }) =>
    budget.measurements.map((measurement, i) => ({ model, measurement, rules: ofMeasurements.slice(i, i + 1) })),
  );
}

/** Every line of every model among the definitions. */
export function guardedLines(definitions: readonly Definition[]): GuardedLine[] {
  return budgetsIn(definitions).flatMap(({ model, budget, rules: { guards } }) =>
    budget.lines.map((line, i) => ({ model, line, rules: guards[i] ?? [] })),
  );
}

/** The budget of every model among the definitions, with its rules. */
function budgetsIn(definitions: readonly Definition[]) {
  return definitions.flatMap(({ name: model, kind }) => {
    if (kind.case !== 'model' || kind.value.budget === undefined) return [];
    const { budget } = kind.value;
    return [{ model, budget, rules: budgetRules(budget, rulesOn(model, definitions)) }];
  });
}

/**
 * A line that somebody wrote is an alert rule, unless an explicit rule stands in for it.
 * @param rules the explicit rules on the model, by the alert's name
 */
export function budgetRules(budget: Budget | undefined, rules: ReadonlyMap<string, RuleDefinition>): BudgetRules {
  const own = new Map<string, OwnRule>();
  const metrics = new Set<string>();
  const guards = (budget?.lines ?? []).map((line) => {
    const isFirst = line.segment === undefined && !metrics.has(line.metric);
    if (isFirst) metrics.add(line.metric);
    const standingIn = [...rules].filter(([, rule]) => standsIn(rule, line)).map(([name]) => name);
    if (standingIn.length > 0 || line.alert === undefined) return standingIn.sort();
    const name = freeName(isFirst ? shortName(line) : longName(line), (taken) => own.has(taken) || rules.has(taken));
    own.set(name, { definition: ruleOf(line, line.alert, budget?.windowMs ?? 0), gate: line.gate });
    return [name];
  });
  const ofMeasurements = (budget?.measurements ?? []).map((limit) => {
    const name = freeName(measurementRuleName(limit), (taken) => own.has(taken) || rules.has(taken));
    own.set(name, { definition: measurementRule(limit), gate: false });
    return name;
  });
  return { own, guards, ofMeasurements };
}

/**
 * Whether a rule alerts no later than the line would: on the same figure of the same traffic in the same direction, at a limit
 * that is at least as strict. A rule on a baseline or on missing data is about something else;
 * which segments a rule by pattern has is not known beforehand.
 */
function standsIn(rule: RuleDefinition, line: BudgetLine): boolean {
  if (rule.onMissing || rule.metric !== line.metric || rule.comparator !== line.comparator) return false;
  if (rule.match?.segment !== undefined) return false;
  if (!sameSegment(rule.segment, line.segment) || !judgesWhatServes(rule)) return false;
  if (comparesBaseline(rule.compare)) return false;
  return line.comparator === Comparator.BELOW ? rule.limit >= line.limit : rule.limit <= line.limit;
}

function ruleOf(line: BudgetLine, alert: LineAlert, windowMs: number): RuleDefinition {
  const { metric, comparator, limit, severity, minimumSamples, labels, description } = line;
  const { compare, confidence, forMs, keepFiringForMs, summary, runbook, levels } = alert;
  return create(RuleDefinitionSchema, {
    ...{ metric, windowMs, comparator, limit, severity, minimumSamples, labels, description },
    ...{ compare, confidence, forMs, keepFiringForMs, summary, runbook, levels },
    ...(line.segment && { segment: line.segment }),
  });
}

/** A limit of a measurement is an alert rule. */
function measurementRule(of: MeasurementLimit): RuleDefinition {
  const { name, metric, comparator, limit, windowMs, severity, minimumSamples, forMs, keepFiringForMs } = of;
  const { summary, description, runbook, labels } = of;
  return create(RuleDefinitionSchema, {
    ...{ metric, windowMs, comparator, limit, severity, minimumSamples, forMs, keepFiringForMs },
    ...{ summary, description, runbook, labels, compare: Compare.FIGURE, match: { measurement: [`=${name}`] } },
  });
}

function measurementRuleName({ metric, name }: MeasurementLimit): string {
  return budgetRulePrefix + [metric, shortened(name.replace(/[^A-Za-z0-9._-]/g, ''))].join('.');
}

/** Of the first line of a metric: it stays what it is when others come behind it. */
function shortName({ metric }: BudgetLine): string {
  return budgetRulePrefix + metric;
}

/** Of every further line of a metric, and of those on a segment. Names are file names too. */
function longName({ metric, comparator, limit, segment }: BudgetLine): string {
  const direction = comparator === Comparator.BELOW ? 'below' : 'above';
  const parts = [`${direction}-${limit}`, ...(segment ? [`${segment.key}-${segment.value}`] : [])];
  return (
    budgetRulePrefix + [metric, ...parts.map((part) => part.replace(/[^A-Za-z0-9._-]/g, '')).map(shortened)].join('.')
  );
}

function shortened(part: string): string {
  return part.slice(0, 40);
}

/** Two lines that say the same, which `check` refuses, still have names of their own. */
function freeName(name: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(name)) return name;
  for (let n = 2; ; n++) if (!isTaken(`${name}.${n}`)) return `${name}.${n}`;
}
