/** What a rule watches, as Prometheus sees it. */
export interface Watched {
  /** The figure, each series once: what is compared with the limit. */
  readonly figure: string;
  /** What has to hold beside the comparison, as an operator and its right side. */
  readonly provided: string;
  /** From the unit of the rule's limit to that of the figure. */
  readonly inBaseUnit: (value: number) => number;
  /** The labels of what is watched, in cases. */
  readonly labels: Readonly<Record<string, string>>;
  /** Its metric, in cases. */
  readonly metric: string;
  /** What else is scraped beside the figure in cases, by metric and labels of its own. */
  readonly beside: readonly Beside[];
  /** The sentence about the figure. @param value as `$value` is written */
  readonly describe: (value: string) => string;
  /** Cases in which nothing fires although the figure breaks the limit. */
  readonly exempt: readonly Exempt[];
}

export interface Beside {
  readonly metric: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Exempt {
  /** `does not fire on a job that has finished` */
  readonly name: string;
  /** In place of `Watched.beside`. */
  readonly beside: readonly Beside[];
}
