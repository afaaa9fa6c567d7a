import type { IncidentEvent } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { verdictName, type VerdictName } from '@moola/wording/verdict';
import type { AlertQualityView, MissedView, RuleQualityView } from './alert-quality-views.js';

/** What to stay below: shares of alerts that were false, and of real incidents that were missed. */
export const qualityTargets = { falsePositiveRate: 0.1, falseNegativeRate: 0.05 } as const;

/** So many reports of missed incidents are listed; all are counted. */
const mostListed = 100;

interface Judged {
  readonly model: string;
  readonly rule: string;
  verdict: VerdictName | null;
}

/** How good alerts are, by what people said of incidents: the last verdict on each, and reports of what was missed. */
export class AlertQuality {
  private readonly incidents = new Map<string, Judged>();
  private readonly missed = new Map<string, MissedView>();

  take({ incident, model, atMs, kind }: IncidentEvent): void {
    if (kind.case === 'opened') this.incidents.set(incident, { model, rule: kind.value.rule, verdict: null });
    if (kind.case === 'judged') {
      const judged = this.incidents.get(incident);
      const verdict = verdictName(kind.value.verdict);
      if (judged !== undefined && verdict !== '') judged.verdict = verdict;
    }
    if (kind.case === 'missedReported') {
      const { rule, fromMs, toMs, note, by, authenticated, command } = kind.value;
      this.missed.set(command, { model, rule, fromMs, toMs, note, by, byAuthenticated: authenticated, atMs });
    }
  }

  view(): AlertQualityView {
    const rules = new Map<string, Counts>();
    const countsOf = (model: string, rule: string): Counts => {
      const key = JSON.stringify([model, rule]);
      const counts = rules.get(key) ?? { model, rule, real: 0, false: 0, unclear: 0, unjudged: 0, missed: 0 };
      rules.set(key, counts);
      return counts;
    };
    for (const { model, rule, verdict } of this.incidents.values()) countsOf(model, rule)[verdict ?? 'unjudged']++;
    for (const { model, rule } of this.missed.values()) countsOf(model, rule).missed++;
    const sorted = [...rules.values()].sort((a, b) => compare(a.model, b.model) || compare(a.rule, b.rule));
    const newest = [...this.missed.values()].sort((a, b) => b.atMs - a.atMs);
    return { targets: qualityTargets, rules: sorted.map(rated), missed: newest.slice(0, mostListed) };
  }
}

type Counts = {
  -readonly [K in keyof Omit<RuleQualityView, 'falsePositiveRate' | 'falseNegativeRate'>]: RuleQualityView[K];
};

function rated(counts: Counts): RuleQualityView {
  const { real, false: wrong, missed } = counts;
  return { ...counts, falsePositiveRate: share(wrong, real), falseNegativeRate: share(missed, real) };
}

/** `null`: nothing was said that it could rest on. */
function share(part: number, rest: number): number | null {
  return part + rest === 0 ? null : part / (part + rest);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
