import { severityName, type SeverityName } from '@moola/contracts/definitions/severities';
import { Comparator } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { segmentText } from '@moola/wording/segments';
import type { GuardedLine, GuardedMeasurement } from '@moola/rules/budget-rules';

/** Which rules alert for a line of a budget, for programs. */
export interface GuardJson {
  readonly model: string;
  readonly metric: string;
  /** Either this or `above`. */
  readonly below?: number;
  readonly above?: number;
  /** Such as `{ region: eu }`: only this part of the traffic. */
  readonly segment?: Readonly<Record<string, string>>;
  /** Whose figure it is, where the metric is one of measurements. */
  readonly measurement?: string;
  readonly severity: SeverityName | 'unspecified';
  readonly gate: boolean;
  /** Empty: nobody is alerted. */
  readonly rules: readonly string[];
}

export type Guarded = GuardedLine | GuardedMeasurement;

export function guardJson(guarded: Guarded): GuardJson {
  const { model, rules } = guarded;
  if ('measurement' in guarded) {
    const { name: measurement, metric, severity } = guarded.measurement;
    const side = sideOf(guarded.measurement);
    return { model, metric, ...side, measurement, severity: severityName(severity), gate: false, rules };
  }
  const { metric, severity, gate, segment } = guarded.line;
  const part = segment && { segment: { [segment.key]: segment.value } };
  return { model, metric, ...sideOf(guarded.line), ...part, severity: severityName(severity), gate, rules };
}

function sideOf({ comparator, limit }: { readonly comparator: Comparator; readonly limit: number }) {
  return comparator === Comparator.BELOW ? { below: limit } : { above: limit };
}

/** `churn: accuracy below 0.85 (critical, gate): alert budget.accuracy`; one line for a budget that nobody wrote. */
export function guardTexts(all: readonly Guarded[]): string[] {
  const quiet = new Set<string>();
  return all.flatMap((guarded) => {
    const { model, metric, measurement, severity, gate, below, above, rules } = guardJson(guarded);
    const line = 'line' in guarded ? guarded.line : undefined;
    const part = line?.segment ? segmentText(line.segment) : measurement;
    const of = part === undefined ? '' : ` of ${part}`;
    if (line !== undefined && line.alert === undefined && rules.length === 0) {
      if (quiet.has(model)) return [];
      quiet.add(model);
      return [`${model}: nobody wrote its budget: the default lines alert nobody (write budget.lines)`];
    }
    const limit = below === undefined ? `above ${above}` : `below ${below}`;
    return [`${model}: ${metric}${of} ${limit} (${severity}${gate ? ', gate' : ''}): alert ${rules.join(', ')}`];
  });
}
