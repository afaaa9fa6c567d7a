/** Input of a case, as promtool writes it: series and their values, one each 15 s. */
export type Series = Readonly<Record<string, string>>;

/** A case of an alert that promtool runs. */
export interface Case {
  readonly series: Series;
  /** When it is looked: `5m`. */
  readonly at: string;
}

export interface FiringCase extends Case {
  /** The labels of each alert that fires, without its name and severity. */
  readonly alerts: readonly Readonly<Record<string, string>>[];
  /** What `{{ $value … }}` of its annotations becomes. */
  readonly value?: string;
}

/** One more case of an alert. */
export interface NamedCase extends FiringCase {
  /** What is shown by it: `does not fire after a gap`. */
  readonly name: string;
}

/** An alert of Prometheus. */
export interface Alert {
  readonly name: string;
  /** Its runbook is `docs/runbooks/<runbook>.md`. @default its name */
  readonly runbook?: string;
  /** `none`: not for people, as the dead-man switch. */
  readonly severity: 'none' | 'info' | 'warning' | 'critical';
  readonly expr: string;
  /** How long the expression must hold: `5m`. */
  readonly for: string;
  /** One sentence: what is wrong, and where. May name labels: `{{ $labels.processor }}`. */
  readonly summary: string;
  /** What follows from it, and where to look first. */
  readonly description: string;
  readonly fires: FiringCase;
  readonly quiet: Case;
  readonly cases?: readonly NamedCase[];
}

/** A series that is computed from others. */
export interface Recording {
  /** `level:metric:operation` */
  readonly record: string;
  readonly expr: string;
}

/** A group of rules, written to `deploy/prometheus/rules/<name>.yml`. */
export interface RuleGroup {
  readonly name: string;
  /** One line on top of the file. */
  readonly comment: string;
  readonly recordings: readonly Recording[];
  readonly alerts: readonly Alert[];
}
