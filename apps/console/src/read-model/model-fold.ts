import { severityName } from '@moola/contracts/definitions/severities';
import { taskOf } from '@moola/contracts/definitions/task-types';
import { joinedKey } from '@moola/contracts/joined-key';
import type { TaskType } from '@moola/metrics/task-type';
import { annotationsOf } from '@moola/wording/annotations';
import { alertStateName } from '@moola/wording/alert-state';
import { breachOf, finding } from '@moola/wording/headline';
import { namedSegment, type NamedSegment } from '@moola/wording/segments';
import { namedSubject, type NamedSubject } from '@moola/wording/subject';
import type { Segment } from '@moola/contracts/gen/moola/v1/definitions_pb';
import type { Kpi } from '@moola/contracts/gen/moola/v1/kpis_pb';
import type { Signal } from '@moola/contracts/gen/moola/v1/signals_pb';
import {
  AlertCondition,
  type AlertFigure,
  type AlertTransition,
  type Breakdown,
  type BudgetState,
  type Snapshot,
  type WindowSnapshot,
} from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { Role, type Deployment } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { breakdownViewOf } from './breakdown-fold.js';
import type { BreakdownView } from './breakdown-views.js';
import { BucketHistory } from './bucket-history.js';
import { ComparisonsFold } from './comparisons-fold.js';
import { History } from './history.js';
import { comparatorName, figureView, roleName, verdictName } from './names.js';
import { InstancesFold, JobsFold, MeasurementsFold } from './subject-folds.js';
import { ReleasesFold } from './releases-fold.js';
import type {
  AlertView,
  BudgetLineView,
  CountsView,
  FigureView,
  ModelView,
  ProtectedView,
  RevenueView,
  RuleLimitsView,
} from './views.js';

interface VersionFold {
  build: string;
  /** The last that was heard of. */
  role: Role;
  budget: BudgetState | null;
  windows: Map<number, readonly FigureView[]>;
  breakdown: { readonly atMs: number; readonly value: Breakdown } | null;
}

/** The budget's lines as they were judged last, with the newest figures: a budget is published only when it changes. */
function linesOf({ budget, windows, breakdown }: VersionFold): BudgetLineView[] {
  const newest = windows.get(budget?.windowMs ?? 0);
  const ofSegment = ({ key, value }: Segment) =>
    breakdown?.value.segments.find((each) => each.key === key && each.value === value && !each.other);
  return (budget?.lines ?? []).map(
    ({ metric, verdict, gate, severity, comparator, limit, rules, figure, segment }) => ({
      ...{ metric, gate, limit, verdict: verdictName[verdict], severity: severityName(severity) },
      ...{ comparator: comparatorName[comparator], rules, segment: segment ? segmentView(segment) : null },
      figure:
        (segment ? ofSegment(segment)?.figures.map(figureView) : newest)?.find((each) => each.metric === metric) ??
        (figure ? figureView(figure) : null),
    }),
  );
}

function limitsOf(version: VersionFold | undefined): RuleLimitsView[] {
  return (version?.budget?.limits ?? []).map(({ rule, metric, comparator, levels }) => ({
    ...{ rule, metric, comparator: comparatorName[comparator] },
    levels: levels.map(({ severity, limit }) => ({ severity: severityName(severity), limit })),
  }));
}

function segmentView({ key, value }: Segment): { readonly key: string; readonly value: string } {
  return { key, value };
}

/** Names of rules hold no "/". @param segment of a rule by pattern: each of its segments has an alert */
function alertKey(rule: string, version: string, subject: NamedSubject | null, segment: NamedSegment | null): string {
  if (segment !== null) return `${rule}/segment/${JSON.stringify([version, segment])}`;
  return subject === null ? `${rule}/version/${version}` : `${rule}/${subject.kind}/${subject.name}`;
}

interface ShownVersion {
  readonly version: string;
  readonly serving: boolean;
}

/** What serves, then the others, the newest name first. */
function servingFirst(a: ShownVersion, b: ShownVersion): number {
  return Number(b.serving) - Number(a.serving) || (a.version < b.version ? 1 : -1);
}

function holdsNothing(figures: readonly FigureView[]): boolean {
  const isNone = (name: string) => figures.some(({ metric, value }) => metric === name && value === 0);
  return isNone('predictions') && isNone('labels');
}

const noCounts: CountsView = {
  predictions: 0,
  outcomes: 0,
  labelled: 0,
  duplicates: 0,
  orphans: 0,
  tooLate: 0,
  outcomesUnmatched: 0,
  labelsOfOtherTask: 0,
};

/** All that is shown of one model, folded from the fact topics. */
export class ModelFold {
  readonly history = new History();
  readonly byPredictionTime = new BucketHistory();
  /** Known to be undeclared only when the tracker says so. */
  private declared = true;
  /** What the model answers. */
  task: TaskType = 'binary';
  private serving = '';
  private readonly releases = new ReleasesFold();
  private readonly versions = new Map<string, VersionFold>();
  private readonly alerts = new Map<string, AlertView>();
  private readonly comparisons = new ComparisonsFold();
  private readonly protectedValue = new Map<string, ProtectedView>();
  private revenue: RevenueView | null = null;
  private counts: CountsView = noCounts;
  readonly jobs: JobsFold;
  readonly instances: InstancesFold;
  readonly measurements: MeasurementsFold;

  constructor(readonly model: string) {
    this.jobs = new JobsFold(model);
    this.instances = new InstancesFold(model);
    this.measurements = new MeasurementsFold(model);
  }

  takeSnapshot({ atMs, kind }: Snapshot): void {
    switch (kind.case) {
      case 'window':
        this.takeWindow(atMs, kind.value);
        return;
      case 'budget':
        this.version(kind.value.version).budget = kind.value;
        this.declared = !kind.value.undeclared;
        this.task = taskOf(kind.value.task);
        if (kind.value.serving) this.serving = kind.value.version;
        return;
      case 'alert':
        this.takeAlert(atMs, kind.value);
        return;
      case 'alertFigure':
        this.takeAlertFigure(atMs, kind.value);
        return;
      case 'deployment':
        this.takeDeployment(atMs, kind.value);
        return;
      case 'counts': {
        const { predictions, outcomes, labelled, duplicates, orphans, tooLate } = kind.value;
        const { outcomesUnmatched, labelsOfOtherTask } = kind.value;
        this.counts = {
          ...{ predictions, outcomes, labelled, duplicates, orphans, tooLate },
          ...{ outcomesUnmatched, labelsOfOtherTask },
        };
        return;
      }
      case 'breakdown':
        this.version(kind.value.version).breakdown = { atMs, value: kind.value };
        return;
      case 'bucket':
        this.byPredictionTime.take(kind.value);
        return;
      case 'job':
        this.jobs.take(kind.value);
        if (kind.value.forgotten) this.forgetAlerts({ kind: 'job', name: kind.value.job });
        else this.declared = !kind.value.undeclared;
        return;
      case 'instance':
        this.instances.take(kind.value);
        if (kind.value.forgotten) this.forgetAlerts({ kind: 'instance', name: kind.value.instance });
        else this.declared = !kind.value.undeclared;
        return;
      case 'measurement':
        this.measurements.take(kind.value);
        if (kind.value.forgotten) this.forgetAlerts({ kind: 'measurement', name: kind.value.measurement });
        else this.declared = !kind.value.undeclared;
        return;
      // Nothing here shows segments yet.
      case 'breakdown':
      case undefined:
        return;
    }
  }

  takeSignal({ kind }: Signal): void {
    if (kind.case === 'comparison') this.comparisons.take(kind.value);
  }

  takeKpi({ kind }: Kpi): void {
    if (kind.case === 'revenue')
      this.revenue = {
        servingVersion: kind.value.servingVersion,
        projectedPerDayUsd: kind.value.projectedPerDayUsd ?? null,
        earnedUsd: kind.value.valueUndeclared ? null : kind.value.earnedUsd,
        efficiencyScore: kind.value.efficiencyScore ?? null,
        lossPerMinuteUsd: kind.value.valueUndeclared ? null : kind.value.lossPerMinuteUsd,
      };
    if (kind.case === 'protectedValue') {
      const { incident, from, to, sinceMs, inputs, valueUndeclared } = kind.value;
      const usd = valueUndeclared ? null : kind.value.usd;
      this.protectedValue.set(joinedKey(incident, from, to), { incident, from, to, sinceMs, inputs, usd });
    }
  }

  /** The window over which the budget of the serving version is judged, milliseconds; `null` before there is a budget. */
  get budgetWindowMs(): number | null {
    const budgets = [this.versions.get(this.serving), ...this.versions.values()].map((version) => version?.budget);
    return budgets.find((budget) => budget)?.windowMs || null;
  }

  /**
   * Nobody declares it (any more), and none of its windows holds anything: it is listed no longer. As soon as an event of it
   * comes, it is again.
   */
  get isGone(): boolean {
    const windows = [...this.versions.values()].flatMap((version) => [...version.windows.values()]);
    if (this.declared || this.jobs.size + this.instances.size + this.measurements.size > 0) return false;
    return windows.length > 0 && windows.every(holdsNothing);
  }

  /** What the window of each version is made of, what serves first. */
  breakdowns(): BreakdownView[] {
    return [...this.versions.keys()].flatMap((version) => this.breakdownOf(version) ?? []).sort(servingFirst);
  }

  /** Of the version that serves; `undefined` where nothing is known of it. */
  servingBreakdown(): BreakdownView | undefined {
    return this.breakdownOf(this.serving);
  }

  private breakdownOf(version: string): BreakdownView | undefined {
    const breakdown = this.versions.get(version)?.breakdown;
    return breakdown ? breakdownViewOf(breakdown.atMs, breakdown.value, version === this.serving) : undefined;
  }

  /** The newest change first. */
  alertViews(): AlertView[] {
    return [...this.alerts.values()].sort((a, b) => b.changedAtMs - a.changedAtMs);
  }

  view(openIncidents: readonly string[]): ModelView {
    const versions = [...this.versions].map(([version, fold]) => ({
      version,
      build: fold.build,
      serving: version === this.serving,
      role: roleName[version === this.serving ? Role.PRIMARY : fold.role],
      verdict: fold.budget ? verdictName[fold.budget.verdict] : ('unknown' as const),
      knownGood: fold.budget?.knownGood ?? false,
      knownGoodAtMs: fold.budget?.knownGoodAtMs || null,
      lines: linesOf(fold),
      budgetWindowMs: fold.budget?.windowMs || null,
      windows: Object.fromEntries(fold.windows),
    }));
    versions.sort(servingFirst);
    return {
      model: this.model,
      declared: this.declared,
      task: this.task,
      serving: this.serving,
      verdict: versions.find(({ serving }) => serving)?.verdict ?? 'unknown',
      versions,
      limits: limitsOf(this.versions.get(this.serving)),
      releases: this.releases.view(),
      alerts: this.alertViews(),
      comparisons: this.comparisons.view(this.releases.servingSinceMs),
      revenue: this.revenue,
      protectedValue: [...this.protectedValue.values()],
      counts: this.counts,
      openIncidents,
      jobs: this.jobs.size,
      instances: this.instances.size,
      measurements: this.measurements.size,
    };
  }

  private version(version: string): VersionFold {
    let fold = this.versions.get(version);
    if (fold === undefined) {
      fold = { build: '', role: Role.UNSPECIFIED, budget: null, windows: new Map(), breakdown: null };
      this.versions.set(version, fold);
    }
    return fold;
  }

  private takeWindow(atMs: number, window: WindowSnapshot): void {
    const figures = window.figures.map(figureView);
    const version = this.version(window.version);
    version.windows.set(window.windowMs, figures);
    version.role = window.role;
    if (window.serving) this.serving = window.version;
    for (const figure of figures) {
      const { value, lower, upper, samples } = figure;
      const point = { atMs, version: window.version, serving: window.serving, value, lower, upper, samples };
      this.history.add(figure.metric, window.windowMs, point);
    }
  }

  private takeAlert(atMs: number, alert: AlertTransition): void {
    const subject = namedSubject(alert.subject) ?? null;
    const key = alertKey(alert.rule, alert.version, subject, namedSegment(alert.segment) ?? null);
    this.alerts.set(key, {
      rule: alert.rule,
      title: finding(breachOf(alert)),
      role: roleName[alert.role],
      version: alert.version,
      subject,
      segment: namedSegment(alert.segment ?? alert.definition?.segment) ?? null,
      state: alertStateName[alert.to],
      severity: severityName(alert.severity),
      sinceMs: alert.sinceMs,
      changedAtMs: atMs,
      reason: alert.reason,
      inhibitedBy: alert.inhibitedBy,
      ...annotationsOf(this.model, alert),
      limit: alert.limit,
      figure: alert.figure ? figureView(alert.figure) : null,
      noDataSinceMs: null,
    });
  }

  /**
   * Since when the alert of a rule fires without data, on the version that serves or on a job or an instance; `null`: it has
   * data, or does not fire.
   */
  noDataSinceMs(rule: string, subject: NamedSubject | null, segment: NamedSegment | null): number | null {
    return this.alerts.get(alertKey(rule, this.serving, subject, segment))?.noDataSinceMs ?? null;
  }

  /** Of a job or an instance that is no longer known. */
  private forgetAlerts({ kind, name }: NamedSubject): void {
    for (const [key, { subject }] of this.alerts) {
      if (subject?.kind === kind && subject.name === name) this.alerts.delete(key);
    }
  }

  private takeAlertFigure(atMs: number, { rule, version, condition, subject, segment }: AlertFigure): void {
    const key = alertKey(rule, version, namedSubject(subject) ?? null, namedSegment(segment) ?? null);
    const alert = this.alerts.get(key);
    const noDataSinceMs = condition === AlertCondition.MISSING ? atMs : null;
    if (alert !== undefined) this.alerts.set(key, { ...alert, noDataSinceMs });
  }

  private takeDeployment(atMs: number, deployment: Deployment): void {
    const version = this.version(deployment.version);
    if (deployment.build !== '') version.build = deployment.build;
    if (deployment.role !== Role.PRIMARY) return;
    this.releases.take(atMs, deployment);
    this.serving = deployment.version;
  }
}
