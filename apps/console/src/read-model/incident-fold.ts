import { severityName } from '@moola/contracts/definitions/severities';
import type { IncidentEvent } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { AlertState, type AlertTransition } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { eventText } from '@moola/wording/event-text';
import { annotationsOf } from '@moola/wording/annotations';
import { breachOf, headline } from '@moola/wording/headline';
import { namedSegment, type NamedSegment } from '@moola/wording/segments';
import { namedSubject, type NamedSubject } from '@moola/wording/subject';
import { tierNames } from '@moola/wording/names';
import { verdictName, verdictText } from '@moola/wording/verdict';
import { DecisionFold } from './decision-fold.js';
import type { IncidentSummaryView, IncidentView, TimelineView } from './incident-views.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** One incident, folded from its events. */
export class IncidentFold {
  private readonly summary: Mutable<IncidentSummaryView>;
  private readonly timeline: TimelineView[] = [];
  private readonly decision = new DecisionFold();
  private pricedAtMs: number;
  private hasWords = false;
  private bySegment: NamedSegment | null = null;
  private written: string | null = null;
  /** What was said of it when its post-mortem was written; empty: nothing. */
  private verdictAfterwards = '';

  constructor(first: IncidentEvent) {
    this.pricedAtMs = first.atMs;
    this.summary = {
      id: first.incident,
      model: first.model,
      rule: '',
      version: '',
      subject: null,
      segment: null,
      title: first.incident,
      summary: '',
      description: '',
      labels: {},
      runbook: '',
      severity: 'unspecified',
      gate: false,
      tier: 'none',
      state: 'open',
      acknowledgedBy: '',
      acknowledgedByAuthenticated: false,
      verdict: null,
      openedAtMs: first.atMs,
      breachAtMs: first.atMs,
      resolvedAtMs: null,
      decision: null,
      costUsd: 0,
      usdPerMinute: 0,
      number: 0,
      hasPostMortem: false,
      noDataSinceMs: null,
      url: '',
    };
  }

  /** Its post-mortem, with the verdict that came after it; `null` before it is written. */
  get markdown(): string | null {
    if (this.written === null || this.verdictAfterwards === '') return this.written;
    return `${this.written.trimEnd()}\n\n## Verdict\n\nJudged after this was written: ${this.verdictAfterwards.replace(/\s+/g, ' ').replace(/[<>|`*_\[\]]/g, '\\$&')}.\n`;
  }

  get id(): string {
    return this.summary.id;
  }

  get model(): string {
    return this.summary.model;
  }

  get rule(): string {
    return this.summary.rule;
  }

  get subject(): NamedSubject | null {
    return this.summary.subject;
  }

  /** Of a rule on segments by pattern: which of them. */
  get onSegment(): NamedSegment | null {
    return this.bySegment;
  }

  get openedAtMs(): number {
    return this.summary.openedAtMs;
  }

  get severity(): string {
    return this.summary.severity;
  }

  get isOpen(): boolean {
    return this.summary.state !== 'resolved';
  }

  take(event: IncidentEvent): void {
    const { kind, atMs, number } = event;
    const summary = this.summary;
    summary.number = Math.max(summary.number, number);
    if (kind.case === 'priced') {
      summary.costUsd = kind.value.costUsd;
      summary.usdPerMinute = kind.value.usdPerMinute;
      this.pricedAtMs = atMs;
      return;
    }
    if (kind.case === 'opened') {
      summary.rule = kind.value.rule;
      summary.version = kind.value.version;
      summary.title = kind.value.title;
      if (kind.value.alert !== undefined) this.takeWords(kind.value.alert);
      summary.severity = severityName(kind.value.severity);
      summary.gate = kind.value.gate;
      summary.breachAtMs = kind.value.breachAtMs;
      if (kind.value.costUnknown) summary.costUsd = null;
    }
    // An incident that an older version opened has its figures in the alert that follows.
    if (kind.case === 'alert' && kind.value.to === AlertState.FIRING && !this.hasWords) this.takeWords(kind.value);
    if (kind.case === 'tier') summary.tier = tierNames[kind.value.tier];
    if (kind.case === 'severityRaised') summary.severity = severityName(kind.value.to);
    if (kind.case === 'acknowledged') {
      if (summary.state === 'open') summary.state = 'acknowledged';
      if (summary.acknowledgedBy === '') {
        summary.acknowledgedBy = kind.value.by;
        summary.acknowledgedByAuthenticated = kind.value.authenticated;
      }
    }
    if (kind.case === 'judged') {
      const { note, by, authenticated } = kind.value;
      const verdict = verdictName(kind.value.verdict);
      if (verdict !== '') summary.verdict = { verdict, note, by, byAuthenticated: authenticated, atMs };
      if (!this.isOpen) this.verdictAfterwards = verdictText(kind.value);
    }
    if (kind.case === 'resolved') {
      summary.state = 'resolved';
      summary.resolvedAtMs = atMs;
      summary.costUsd = kind.value.costUnknown ? null : kind.value.costUsd;
      summary.usdPerMinute = 0;
    }
    if (kind.case === 'postMortem') {
      summary.hasPostMortem = true;
      this.written = kind.value.markdown;
    }
    this.decision.take(event);
    summary.decision = this.decision.view();
    this.timeline.push({ number, atMs, kind: kind.case ?? 'unknown', text: eventText(event) });
  }

  private takeWords(alert: AlertTransition): void {
    this.hasWords = true;
    this.summary.title = headline(breachOf(alert));
    this.summary.subject = namedSubject(alert.subject) ?? null;
    this.summary.segment = namedSegment(alert.segment ?? alert.definition?.segment) ?? null;
    this.bySegment = namedSegment(alert.segment) ?? null;
    Object.assign(this.summary, annotationsOf(this.summary.model, alert));
    this.summary.runbook = alert.definition?.runbook ?? '';
  }

  /** @param clockMs the environment's clock: an open incident's price runs on with it */
  summaryView(clockMs: number | null): IncidentSummaryView {
    const running =
      this.isOpen && clockMs !== null
        ? (this.summary.usdPerMinute * Math.max(0, clockMs - this.pricedAtMs)) / 60_000
        : 0;
    const { costUsd } = this.summary;
    return { ...this.summary, costUsd: costUsd === null ? null : costUsd + running };
  }

  view(clockMs: number | null): IncidentView {
    return { ...this.summaryView(clockMs), timeline: this.timeline };
  }
}
