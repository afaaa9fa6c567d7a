import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { ActionOutcome, ActionIntentSchema, type ActionIntent } from '@moola/contracts/gen/moola/v1/actions_pb';
import { DefinitionSchema, Severity, type Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import type { IncidentEvent, Notification, NotificationIntent } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { type AlertVerdict, SignalSchema, type Signal } from '@moola/contracts/gen/moola/v1/signals_pb';
import { AlertCondition, AlertState, BudgetVerdict, SubjectKind } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { runProcessor, type EmittedRow } from '@moola/testing/run-processor';
import { decide } from '../domain/decide/decide.js';

const MINUTE_MS = 60_000;
/** Stories begin on 2 June 2008, at midnight. */
export const STORY_BEGINS_MS = Date.UTC(2008, 5, 2);

/** A row that both a plain run and a schedule of faults take. */
type StoryRow = { readonly data: Signal } | { readonly tick: number } | { readonly definition: Definition };

type SignalKind = NonNullable<MessageInitShape<typeof SignalSchema>['kind']>;

/** What a story has led to. */
export interface Outcome {
  readonly events: readonly IncidentEvent[];
  readonly notifications: readonly NotificationIntent[];
  readonly actions: readonly ActionIntent[];
  readonly emitted: readonly EmittedRow[];
}

interface AlertOptions {
  readonly severity?: Severity;
  /** While it fired before. */
  readonly before?: Severity;
  readonly gate?: 'gate' | 'watched';
  /** Minutes from the breach to now. */
  readonly since?: number;
  readonly value?: number;
  readonly samples?: number;
  readonly summary?: string;
  readonly role?: Role;
  readonly description?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly reason?: string;
}

/** A day of one model, told with a clock: what happens at a minute comes before the tick of that minute. */
export class IncidentStory {
  readonly rows: StoryRow[] = [];
  private nowMs = STORY_BEGINS_MS;

  constructor(
    readonly model: string,
    definitions: readonly Definition[],
  ) {
    for (const definition of definitions) this.rows.push({ definition });
  }

  /** Lets the clock run to `hh:mm` of the story's day, a tick a minute; what follows happens then. */
  at(time: string): this {
    const target = atClock(time);
    while (this.nowMs < target) {
      this.rows.push({ tick: this.nowMs });
      this.nowMs += MINUTE_MS;
    }
    return this;
  }

  deployed(version: string, by = 'pipeline'): this {
    const time = timestampFromMs(this.nowMs);
    return this.signal({ case: 'deployment', value: { model: this.model, version, role: Role.PRIMARY, time, by } });
  }

  alert(rule: string, version: string, to: keyof typeof transitions, options: AlertOptions = {}): this {
    const { severity = Severity.CRITICAL, gate = 'gate', since = 5, value = 0.18, samples = 180 } = options;
    const { summary = 'Accuracy is below the budget of 80 %' } = options;
    const words = { description: options.description ?? '', labels: { ...options.labels } };
    return this.signal({
      case: 'alert',
      value: {
        rule,
        version,
        severity,
        role: options.role ?? Role.UNSPECIFIED,
        ...transitions[to],
        ...(options.before !== undefined && { from: AlertState.FIRING, severityBefore: options.before }),
        reason: options.reason ?? (to === 'firing' || to === 'pending' ? 'condition held' : 'recovered'),
        sinceMs: this.nowMs - since * MINUTE_MS,
        gate: gate === 'gate',
        summary,
        limit: 0.8,
        figure: { metric: 'accuracy', value, samples, effectiveSamples: 9 },
        definition: { windowMs: 30 * MINUTE_MS, runbook: 'https://wiki.example.org/accuracy', ...words },
      },
    });
  }

  /** An alert on a training job: its time until out of memory, in minutes. */
  jobAlert(rule: string, job: string, to: keyof typeof transitions, options: AlertOptions = {}): this {
    const { severity = Severity.CRITICAL, since = 0, value = 12, reason } = options;
    return this.signal({
      case: 'alert',
      value: {
        ...{ rule, severity, ...transitions[to], limit: 30, summary: options.summary ?? '' },
        reason: reason ?? (to === 'firing' || to === 'pending' ? 'condition held' : 'recovered'),
        sinceMs: this.nowMs - since * MINUTE_MS,
        figure: { metric: 'job_time_to_oom', value, samples: 30 },
        definition: { metric: 'job_time_to_oom' },
        subject: { kind: SubjectKind.JOB, name: job },
      },
    });
  }

  /** An alert of a rule on countries by pattern: the accuracy in one of them. */
  segmentAlert(rule: string, version: string, country: string, to: keyof typeof transitions, reason?: string): this {
    const segment = { key: 'country', value: country };
    return this.signal({
      case: 'alert',
      value: {
        ...{ rule, version, severity: Severity.WARNING, ...transitions[to], limit: 0.8 },
        reason: reason ?? (to === 'firing' || to === 'pending' ? 'condition held' : 'recovered'),
        sinceMs: this.nowMs,
        figure: { metric: 'accuracy', value: 0.5, samples: 200 },
        definition: { metric: 'accuracy', segment, labels: { country } },
        segment,
      },
    });
  }

  /** What a firing alert rests on: gone, there again without being broken, or broken again. */
  alertFigure(rule: string, version: string, condition: 'missing' | 'does not hold' | 'holds', value = 0.18): this {
    const { MISSING, DOES_NOT_HOLD, HOLDS } = AlertCondition;
    const conditions = { missing: MISSING, 'does not hold': DOES_NOT_HOLD, holds: HOLDS };
    const figure = condition === 'missing' ? {} : { figure: { metric: 'accuracy', value, samples: 70 } };
    return this.signal({
      case: 'alertFigure',
      value: { rule, version, condition: conditions[condition], ...figure },
    });
  }

  budget(
    version: string,
    verdict: 'within' | 'out' | 'unknown',
    knownGood: 'known good' | 'not proven' = 'known good',
  ): this {
    return this.gates(version, { accuracy: verdict }, knownGood);
  }

  /** Where each gate of a version stands; the verdict follows. @param goodAt `hh:mm` at which it becomes known good */
  gates(
    version: string,
    gates: Readonly<Record<string, 'within' | 'out' | 'unknown'>>,
    knownGood: 'known good' | 'not proven' = 'known good',
    goodAt: string | null = null,
  ): this {
    const verdicts = { within: BudgetVerdict.WITHIN, out: BudgetVerdict.OUT, unknown: BudgetVerdict.UNKNOWN };
    const all = Object.values(gates);
    const verdict = all.includes('out') ? 'out' : all.includes('unknown') ? 'unknown' : 'within';
    return this.signal({
      case: 'budget',
      value: {
        version,
        verdict: verdicts[verdict],
        knownGood: knownGood === 'known good',
        knownGoodAtMs: goodAt === null ? 0 : atClock(goodAt),
        windowMs: 60 * MINUTE_MS,
        lines: Object.entries(gates).map(([metric, each]) => ({ metric, gate: true, verdict: verdicts[each] })),
      },
    });
  }

  /** `first` − `second`, with the bounds around the difference. */
  compared(
    first: string,
    second: string,
    serving: string,
    since: string,
    bounds: readonly [number, number] | null,
  ): this {
    const difference = bounds === null ? 0 : (bounds[0] + bounds[1]) / 2;
    return this.signal({
      case: 'comparison',
      value: {
        first,
        second,
        serving,
        sinceMs: atClock(since),
        pairs: 100,
        firstOnly: 40,
        secondOnly: 10,
        firstCorrect: 60,
        secondCorrect: 30,
        difference,
        standardError: 0.1,
        designEffect: 6,
        newestPairMs: this.nowMs,
        newestKnownMs: this.nowMs,
        ...(bounds === null ? {} : { lower: bounds[0], upper: bounds[1] }),
      },
    });
  }

  defined(definition: Definition): this {
    this.rows.push({ definition });
    return this;
  }

  loses(version: string, usdPerMinute: number): this {
    return this.signal({ case: 'loss', value: { version, usdPerMinute, limitAccuracy: 0.8 } });
  }

  result(
    incident: string,
    step: number,
    outcome = ActionOutcome.DONE,
    detail = 'the alias was moved',
    attempt = 1,
  ): this {
    return this.signal({ case: 'result', value: { incident, step, attempt, outcome, detail } });
  }

  receipt(incident: string, notification: string, attempt: number): this {
    return this.signal({
      case: 'receipt',
      value: { incident, notification, channelKind: 'slack', channelName: 'team', attempt, outcome: 1, detail: 'ok' },
    });
  }

  acknowledges(
    actor: string,
    incident: string,
    seen: number,
    id = `${actor}-ack-${incident}`,
    authenticated = false,
  ): this {
    return this.signal({
      case: 'command',
      value: { id, actor, authenticated, incident, incidentNumber: seen, kind: { case: 'acknowledge', value: {} } },
    });
  }

  resolves(actor: string, incident: string, seen: number, reason: string, id = `${actor}-resolve-${incident}`): this {
    return this.signal({
      case: 'command',
      value: { id, actor, incident, incidentNumber: seen, kind: { case: 'resolve', value: { reason } } },
    });
  }

  judges(
    actor: string,
    incident: string,
    verdict: AlertVerdict,
    note = '',
    id = `${actor}-judges-${incident}-${verdict}`,
  ): this {
    const kind = { case: 'judge', value: { verdict, note } } as const;
    return this.signal({ case: 'command', value: { id, actor, incident, kind } });
  }

  reportsMissed(
    actor: string,
    report: { fromMs: number; toMs: number; rule?: string; note?: string },
    id = 'missed',
  ): this {
    return this.signal({ case: 'command', value: { id, actor, kind: { case: 'reportMissed', value: report } } });
  }

  private signal(kind: SignalKind): this {
    this.rows.push({ data: create(SignalSchema, { atMs: this.nowMs, model: this.model, kind }) });
    return this;
  }

  /** Saves the state after the last minute into `saved`. */
  save(saved: Map<string, Uint8Array>): void {
    const rows = [...this.rows, { tick: this.nowMs }];
    runProcessor(decide({ actionsExpireAfterMs: 0 }), rows, { saved, partitions: 4 });
  }

  /** What came out, up to and with the tick of the last minute. @param restartBefore row indexes, see `runProcessor`. */
  outcome(restartBefore: ReadonlySet<number> = new Set()): Outcome {
    const emitted = runProcessor(decide({ actionsExpireAfterMs: 0 }), [...this.rows, { tick: this.nowMs }], {
      restartBefore,
      partitions: 4,
    });
    const values = <T>(topic: string) =>
      emitted.flatMap((row) => (row.topic === topic && row.content.kind === 'data' ? [row.content.value as T] : []));
    return {
      emitted,
      events: values<IncidentEvent>('incidents'),
      actions: values<ActionIntent>('actions').map((intent) => create(ActionIntentSchema, intent)),
      notifications: values<Notification>('notifications').flatMap(({ kind }) =>
        kind.case === 'intent' ? [kind.value] : [],
      ),
    };
  }
}

const { INACTIVE, PENDING, FIRING, RESOLVED } = AlertState;
const transitions = {
  pending: { from: INACTIVE, to: PENDING },
  inactive: { from: PENDING, to: INACTIVE },
  firing: { from: PENDING, to: FIRING },
  resolved: { from: FIRING, to: RESOLVED },
} as const;

/** The definitions of a model that is declared: with a registry, a value, and a playbook that rolls back by itself. */
export function declared(
  model: string,
  playbook: { rollbackAutomatically: boolean } = { rollbackAutomatically: true },
): Definition[] {
  const hour = 60 * MINUTE_MS;
  return [
    create(DefinitionSchema, {
      version: 1,
      name: model,
      kind: {
        case: 'model',
        value: {
          registry: { registeredModel: model, alias: 'champion' },
          budget: { windowMs: hour, lines: [{ metric: 'accuracy', gate: true, minimumSamples: 60, limit: 0.8 }] },
          comparison: { minimumPairs: 60 },
        },
      },
    }),
    create(DefinitionSchema, {
      version: 2,
      name: model,
      kind: { case: 'value', value: { valuePerPredictionUsd: 0.05, predictionsPerDay: 10_000 } },
    }),
    create(DefinitionSchema, {
      version: 3,
      name: 'default',
      kind: {
        case: 'playbook',
        value: {
          severities: [
            { severity: Severity.CRITICAL, respondWithinMs: hour / 2, escalateAfterMs: hour, escalateTo: 'manager' },
          ],
          verifyWithinMs: 2 * hour,
          ...playbook,
        },
      },
    }),
  ];
}

function atClock(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return STORY_BEGINS_MS + (hours * 60 + minutes) * MINUTE_MS;
}

/** `00:35`, from an instant of the story's day. */
export function clockOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 16);
}

/** `{at, kind}` of an incident's events, without those of the given kinds. */
export function courseOf(
  events: readonly IncidentEvent[],
  without: readonly string[] = ['notified', 'notApplicable', 'priced'],
): string[] {
  return events
    .filter(({ kind }) => kind.case !== undefined && !without.includes(kind.case))
    .map(({ atMs, kind }) => `${clockOf(atMs)} ${kind.case}`);
}
