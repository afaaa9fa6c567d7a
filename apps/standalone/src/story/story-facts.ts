import { severityName } from '@moola/contracts/definitions/severities';
import { tierNames } from '@moola/wording/names';
import { joinedKey } from '@moola/contracts/joined-key';
import { RollbackAnswer, type IncidentEvent } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { Kpi } from '@moola/contracts/gen/moola/v1/kpis_pb';
import { AlertState, type AlertTransition, type Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { MeasuredSamples } from './rule-evaluations.js';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';

export interface AlertInterval {
  readonly version: string;
  readonly breachAtMs: number;
  readonly firingAtMs: number;
  resolvedAtMs: number | null;
  reason: string | null;
}

export interface IncidentStory {
  readonly id: string;
  readonly rule: string;
  severity: string;
  readonly openedAtMs: number;
  resolvedAtMs: number | null;
  tier: string;
  /** `null`: nobody declared what an answer is worth. */
  costUsd: number | null;
  hasPostMortem: boolean;
}

export interface HeldDecision {
  readonly incident: string;
  readonly atMs: number;
  readonly serving: string;
  readonly candidate: string;
  readonly reason: string;
}

export interface RollbackStory {
  readonly incident: string;
  readonly kind: 'mitigate' | 'roll back';
  readonly from: string;
  readonly to: string;
  readonly decidedAtMs: number;
  readonly breachAtMs: number;
  readonly alertAtMs: number;
  readonly difference: number;
  readonly lower: number | null;
  readonly pairs: number;
  servedAtMs: number | null;
  verifiedAtMs: number | null;
  undone: boolean;
}

/** What the fact topics of an environment say of one model, folded into what its story needs. */
export class StoryFacts {
  readonly alerts = new Map<string, AlertInterval[]>();
  readonly incidents = new Map<string, IncidentStory>();
  readonly held: HeldDecision[] = [];
  readonly rollbacks: RollbackStory[] = [];
  readonly protectedUsd = new Map<string, number | null>();
  readonly knownGood = new Set<string>();
  readonly samples = new MeasuredSamples();
  counts = { predictions: 0, outcomes: 0, labelled: 0, duplicates: 0, orphans: 0 };
  /** `null`: nobody declared what an answer is worth. */
  earnedUsd: number | null = null;
  serving = '';
  /** By version and role: the predictions of each closed bucket, by its start. */
  private readonly buckets = new Map<string, { readonly role: Role; readonly predictions: Map<number, number> }>();

  constructor(private readonly model: string) {}

  /** Predictions by role, from the last revision of every closed bucket. */
  predictions(): { ingested: number; primary: number; shadow: number } {
    const of = (role: Role) => {
      let sum = 0;
      for (const each of this.buckets.values())
        if (each.role === role) for (const count of each.predictions.values()) sum += count;
      return sum;
    };
    return { ingested: this.counts.predictions, primary: of(Role.PRIMARY), shadow: of(Role.SHADOW) };
  }

  takeSnapshot(snapshot: Snapshot): void {
    if (snapshot.model !== this.model) return;
    const { kind } = snapshot;
    switch (kind.case) {
      case 'counts':
        this.counts = kind.value;
        return;
      case 'bucket': {
        const { version, role, startMs, predictions } = kind.value;
        const key = `${version}/${role}`;
        const counted = this.buckets.get(key) ?? { role, predictions: new Map<number, number>() };
        this.buckets.set(key, counted);
        counted.predictions.set(startMs, predictions);
        return;
      }
      case 'alert':
        this.takeAlert(snapshot.atMs, kind.value);
        return;
      case 'budget':
        if (kind.value.knownGood) this.knownGood.add(kind.value.version);
        return;
      case 'deployment':
        if (kind.value.role === Role.PRIMARY) this.serving = kind.value.version;
        return;
      case 'window':
        this.samples.take(snapshot);
        return;
      // No figure of the final line.
      case 'alertFigure':
      case 'breakdown':
      case 'job':
      case 'instance':
      case 'measurement':
      case undefined:
        return;
    }
  }

  private takeAlert(atMs: number, alert: AlertTransition): void {
    const intervals = this.alerts.get(alert.rule) ?? [];
    this.alerts.set(alert.rule, intervals);
    if (alert.to === AlertState.FIRING && alert.from !== AlertState.FIRING)
      intervals.push({
        version: alert.version,
        breachAtMs: alert.sinceMs,
        firingAtMs: atMs,
        resolvedAtMs: null,
        reason: null,
      });
    const open = intervals.find(({ version, resolvedAtMs }) => version === alert.version && resolvedAtMs === null);
    if (alert.to === AlertState.RESOLVED && open !== undefined) {
      open.resolvedAtMs = atMs;
      open.reason = alert.reason;
    }
  }

  takeKpi(kpi: Kpi): void {
    if (kpi.model !== this.model) return;
    if (kpi.kind.case === 'revenue') this.earnedUsd = kpi.kind.value.valueUndeclared ? null : kpi.kind.value.earnedUsd;
    if (kpi.kind.case === 'protectedValue') {
      const { incident, from, to, usd, valueUndeclared } = kpi.kind.value;
      this.protectedUsd.set(joinedKey(incident, from, to), valueUndeclared ? null : usd);
    }
  }

  takeIncidentEvent(event: IncidentEvent): void {
    if (event.model !== this.model) return;
    const incident = this.incidents.get(event.incident);
    const { kind } = event;
    if (kind.case === 'opened')
      this.incidents.set(event.incident, {
        id: event.incident,
        rule: kind.value.rule,
        severity: severityName(kind.value.severity),
        openedAtMs: event.atMs,
        resolvedAtMs: null,
        tier: '',
        costUsd: kind.value.costUnknown ? null : 0,
        hasPostMortem: false,
      });
    if (incident === undefined) return;
    if (kind.case === 'tier') incident.tier = tierNames[kind.value.tier];
    if (kind.case === 'severityRaised') incident.severity = severityName(kind.value.to);
    if (kind.case === 'priced') incident.costUsd = kind.value.costUsd;
    if (kind.case === 'postMortem') incident.hasPostMortem = true;
    if (kind.case === 'resolved') {
      incident.resolvedAtMs = event.atMs;
      incident.costUsd = kind.value.costUnknown ? null : kind.value.costUsd;
    }
    if (kind.case === 'decision') this.takeDecision(event, incident);
    const last = this.rollbacks.findLast((story) => story.incident === event.incident);
    if (last === undefined) return;
    if (kind.case === 'servingChanged' && kind.value.to === last.to) last.servedAtMs ??= kind.value.sinceMs;
    if (kind.case === 'verified') last.verifiedAtMs = event.atMs;
  }

  private takeDecision(event: IncidentEvent, incident: IncidentStory): void {
    if (event.kind.case !== 'decision') return;
    const { answer, from, to, reason, comparison } = event.kind.value;
    switch (answer) {
      case RollbackAnswer.HOLD:
        this.held.push({ incident: incident.id, atMs: event.atMs, serving: from, candidate: to, reason });
        return;
      case RollbackAnswer.UNDO: {
        const last = this.rollbacks.findLast((story) => story.incident === incident.id);
        if (last !== undefined) last.undone = true;
        return;
      }
      case RollbackAnswer.MITIGATE:
      case RollbackAnswer.ROLL_BACK: {
        // Facts of later ticks may have been read already.
        const alert = this.alerts
          .get(incident.rule)
          ?.findLast(({ version, firingAtMs }) => version === from && firingAtMs <= event.atMs);
        const sign = comparison?.first === to ? 1 : -1;
        const lower = sign === 1 ? comparison?.lower : comparison?.upper;
        this.rollbacks.push({
          incident: incident.id,
          kind: answer === RollbackAnswer.MITIGATE ? 'mitigate' : 'roll back',
          from,
          to,
          decidedAtMs: event.atMs,
          breachAtMs: alert?.breachAtMs ?? event.atMs,
          alertAtMs: alert?.firingAtMs ?? event.atMs,
          difference: sign * (comparison?.difference ?? 0),
          lower: lower === undefined ? null : sign * lower,
          pairs: comparison?.pairs ?? 0,
          servedAtMs: null,
          verifiedAtMs: null,
          undone: false,
        });
        return;
      }
      case RollbackAnswer.UNSPECIFIED:
        return;
    }
  }
}
