import { severityName, type SeverityName } from '@moola/contracts/definitions/severities';
import { Comparator } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { segmentText } from '@moola/wording/segments';
import type { GuardedLine } from '@moola/rules/budget-rules';

/** Which rules alert for a line of a budget, for programs. */
export interface GuardJson {
  readonly model: string;
  readonly metric: string;
  /** Either this or `above`. */
  readonly below?: number;
  readonly above?: number;
  /** Such as `{ region: eu }`: only this part of the traffic. */
  readonly segment?: Readonly<Record<string, string>>;
  readonly severity: SeverityName | 'unspecified';
  readonly gate: boolean;
  /** Empty: nobody is alerted. */
  readonly rules: readonly string[];
}

export function guardJson({ model, line, rules }: GuardedLine): GuardJson {
  const { metric, comparator, limit, severity, gate, segment } = line;
  const side = comparator === Comparator.BELOW ? { below: limit } : { above: limit };
  const part = segment && { segment: { [segment.key]: segment.value } };
  return { model, metric, ...side, ...part, severity: severityName(severity), gate, rules };
}

/** `churn: accuracy below 0.85 (critical, gate): alert budget.accuracy`; one line for a budget that nobody wrote. */
export function guardTexts(lines: readonly GuardedLine[]): string[] {
  const quiet = new Set<string>();
  return lines.flatMap((guarded) => {
    const { model, metric, severity, gate, below, above, rules } = guardJson(guarded);
    const of = guarded.line.segment ? ` of ${segmentText(guarded.line.segment)}` : '';
    if (guarded.line.alert === undefined && rules.length === 0) {
      if (quiet.has(model)) return [];
      quiet.add(model);
      return [`${model}: nobody wrote its budget: the default lines alert nobody (write budget.lines)`];
    }
    const limit = below === undefined ? `above ${above}` : `below ${below}`;
    return [`${model}: ${metric}${of} ${limit} (${severity}${gate ? ', gate' : ''}): alert ${rules.join(', ')}`];
  });
}
