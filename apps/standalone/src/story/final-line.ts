import { joinedKey } from '@moola/contracts/joined-key';
import { postMortemFile } from './post-mortem-file.js';
import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { alertRules } from '@moola/rules/alert-rules';
import { isoSeconds, round6 } from './round.js';
import type { RollbackStory, StoryFacts } from './story-facts.js';

/** What a replay's last line says. `docs/semantics.md` defines each figure; the oracle computes the same from the log. */
export interface FinalLine {
  readonly model: string;
  readonly from: string;
  readonly to: string;
  readonly predictions: { readonly ingested: number; readonly primary: number; readonly shadow: number };
  readonly outcomes: { readonly ingested: number; readonly labelled: number };
  /** Rows of the log that were left out, as they could not be read or the doors would refuse them. */
  readonly refused: number;
  readonly duplicates: number;
  readonly orphans: number;
  readonly alerts: Readonly<Record<string, AlertSummary>>;
  readonly incidents: readonly IncidentSummary[];
  readonly rollbacks: {
    readonly held: readonly HeldSummary[];
    readonly mitigated: readonly RollbackSummary[];
    readonly done: readonly RollbackSummary[];
    readonly undone: readonly RollbackSummary[];
  };
  /** `null`: nobody declared what an answer is worth. */
  readonly value: {
    readonly earnedUsd: number | null;
    readonly protectedUsd: number | null;
    readonly incidentsUsd: number | null;
  };
  readonly knownGood: readonly string[];
  readonly serving: string;
  readonly postMortems: readonly string[];
}

export interface AlertSummary {
  readonly fired: number;
  readonly resolved: number;
  readonly intervals: readonly {
    readonly version: string;
    readonly breach: string;
    readonly firing: string;
    readonly resolved: string | null;
    readonly reason: string | null;
  }[];
}

export interface IncidentSummary {
  readonly id: string;
  readonly rule: string;
  readonly severity: string;
  readonly opened: string;
  readonly state: 'open' | 'resolved';
  readonly resolved: string | null;
  readonly tier: string;
  readonly costUsd: number | null;
}

export interface HeldSummary {
  readonly incident: string;
  readonly at: string;
  readonly serving: string;
  readonly candidate: string;
  readonly reason: string;
}

export interface RollbackSummary {
  readonly incident: string;
  readonly from: string;
  readonly to: string;
  readonly decidedAt: string;
  readonly servedAt: string | null;
  readonly verified: boolean;
  readonly verifiedAt: string | null;
  readonly difference: number;
  readonly lower: number | null;
  readonly pairs: number;
  readonly minutes: {
    readonly breachToAlert: number;
    readonly breachToRollback: number;
    readonly breachToRecovery: number | null;
  };
  readonly protectedUsd: number | null;
}

const maybeIso = (timeMs: number | null) => (timeMs === null ? null : isoSeconds(timeMs));
const minutes = (fromMs: number, toMs: number) => round6((toMs - fromMs) / 60_000);

/** What a final line says of the replay itself. */
export interface ReplayedLog {
  readonly model: string;
  readonly definitions: readonly Definition[];
  /** Time of the first prediction. */
  readonly fromMs: number;
  /** End of the replay, exclusive. */
  readonly toMs: number;
  /** Rows that were left out. */
  readonly refused: { readonly count: number };
}

export function finalLine(log: ReplayedLog, facts: StoryFacts): FinalLine {
  const { model, definitions, fromMs, toMs, refused } = log;
  const rules = [...alertRules(model, definitions).keys()].sort();
  const byTime = (a: { atMs: number; id: string }, b: { atMs: number; id: string }) =>
    a.atMs - b.atMs || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
  const incidents = [...facts.incidents.values()].sort((a, b) =>
    byTime({ atMs: a.openedAtMs, id: a.id }, { atMs: b.openedAtMs, id: b.id }),
  );
  const held = [...facts.held].sort((a, b) =>
    byTime({ atMs: a.atMs, id: a.incident }, { atMs: b.atMs, id: b.incident }),
  );
  const rollbacks = [...facts.rollbacks].sort((a, b) =>
    byTime({ atMs: a.decidedAtMs, id: a.incident }, { atMs: b.decidedAtMs, id: b.incident }),
  );
  const rollback = (story: RollbackStory): RollbackSummary => {
    const recovered = facts.incidents.get(story.incident)?.resolvedAtMs ?? null;
    return {
      incident: story.incident,
      from: story.from,
      to: story.to,
      decidedAt: isoSeconds(story.decidedAtMs),
      servedAt: maybeIso(story.servedAtMs),
      verified: story.verifiedAtMs !== null,
      verifiedAt: maybeIso(story.verifiedAtMs),
      difference: round6(story.difference),
      lower: story.lower === null ? null : round6(story.lower),
      pairs: story.pairs,
      minutes: {
        breachToAlert: minutes(story.breachAtMs, story.alertAtMs),
        breachToRollback: minutes(story.breachAtMs, story.decidedAtMs),
        breachToRecovery: recovered === null ? null : minutes(story.breachAtMs, recovered),
      },
      protectedUsd: rounded(facts.protectedUsd.get(joinedKey(story.incident, story.from, story.to)), facts),
    };
  };
  const stories = rollbacks.map((story) => ({ story, summary: rollback(story) }));
  const ofKind = (kind: RollbackStory['kind']) =>
    stories.filter(({ story }) => story.kind === kind && !story.undone).map(({ summary }) => summary);
  return {
    model,
    from: isoSeconds(fromMs),
    to: isoSeconds(toMs),
    predictions: facts.predictions(),
    outcomes: { ingested: facts.counts.outcomes, labelled: facts.counts.labelled },
    refused: refused.count,
    duplicates: facts.counts.duplicates,
    orphans: facts.counts.orphans,
    alerts: Object.fromEntries(
      rules.map((rule) => {
        const intervals = facts.alerts.get(rule) ?? [];
        return [
          rule,
          {
            fired: intervals.length,
            resolved: intervals.filter(({ resolvedAtMs }) => resolvedAtMs !== null).length,
            intervals: intervals.map((interval) => ({
              version: interval.version,
              breach: isoSeconds(interval.breachAtMs),
              firing: isoSeconds(interval.firingAtMs),
              resolved: maybeIso(interval.resolvedAtMs),
              reason: interval.reason,
            })),
          },
        ];
      }),
    ),
    incidents: incidents.map((incident) => ({
      id: incident.id,
      rule: incident.rule,
      severity: incident.severity,
      opened: isoSeconds(incident.openedAtMs),
      state: incident.resolvedAtMs === null ? 'open' : 'resolved',
      resolved: maybeIso(incident.resolvedAtMs),
      tier: incident.tier,
      costUsd: incident.costUsd === null ? null : round6(incident.costUsd),
    })),
    rollbacks: {
      held: held.map(({ incident, atMs, serving, candidate, reason }) => ({
        ...{ incident, at: isoSeconds(atMs), serving, candidate, reason },
      })),
      mitigated: ofKind('mitigate'),
      done: ofKind('roll back'),
      undone: stories.filter(({ story }) => story.undone).map(({ summary }) => summary),
    },
    value: {
      earnedUsd: facts.earnedUsd === null ? null : round6(facts.earnedUsd),
      protectedUsd: total([...facts.protectedUsd.values()], facts),
      incidentsUsd: total(
        incidents.map(({ costUsd }) => costUsd),
        facts,
      ),
    },
    knownGood: [...facts.knownGood].sort(),
    serving: facts.serving,
    postMortems: incidents
      .filter((incident) => incident.hasPostMortem)
      .map(({ id }) => `post-mortems/${postMortemFile(id)}`),
  };
}

/** Money, where somebody declared what an answer is worth. */
function rounded(usd: number | null | undefined, facts: StoryFacts): number | null {
  return facts.earnedUsd === null || usd === null ? null : round6(usd ?? 0);
}

function total(figures: readonly (number | null)[], facts: StoryFacts): number | null {
  return rounded(
    figures.reduce<number>((sum, usd) => sum + (usd ?? 0), 0),
    facts,
  );
}
