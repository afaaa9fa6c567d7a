import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { ActionIntentSchema } from '@moola/contracts/gen/moola/v1/actions_pb';
import {
  IncidentEventSchema,
  NotificationSchema,
  type IncidentEvent,
} from '@moola/contracts/gen/moola/v1/incidents_pb';
import { partitionOf } from '@moola/contracts/partition-of';
import { topics } from '@moola/contracts/topics';
import type { Emitter, TaskContext } from '@moola/streams/processor/processor';
import { fold } from '../incidents/fold.js';
import type { Incident } from '../incidents/incident.js';
import { dedupKey } from '../notifications/dedup-key.js';
import { folded, type Message } from '../notifications/message.js';
import { declaredModel } from './policies.js';
import { eventKey, type Tables } from './tables.js';

/** What may be recorded: the kind of an incident's event. */
export type Fact = NonNullable<MessageInitShape<typeof IncidentEventSchema>['kind']>;

export interface DecideOptions {
  /** Wall-clock milliseconds after which an action is answered `expired`; 0 in a replay: never. */
  readonly actionsExpireAfterMs: number;
}

/** A message that waits for the end of its context. */
interface Said {
  readonly incident: string;
  readonly audiences: readonly string[];
  readonly message: Message;
  readonly atMs: number;
}

/** What one row causes: facts, people told, actions asked for. All of it goes through the incident's fold. */
export class DecisionContext {
  private readonly said: Said[] = [];

  constructor(
    readonly tables: Tables,
    readonly nowMs: number,
    private readonly context: TaskContext,
    private readonly options: DecideOptions,
    private readonly emitter: Emitter,
  ) {}

  /** Which life of the task this is: 0, or another number once it had to start from nothing. */
  get life(): number {
    return this.context.life;
  }

  /** Adds a fact to an incident and gives back what the incident is now. `incident` is an id and a model if it is new. */
  record(
    incident: Incident | { readonly id: string; readonly model: string; readonly number: 0 },
    fact: Fact,
    atMs = this.nowMs,
  ): Incident {
    const event = create(IncidentEventSchema, {
      incident: incident.id,
      number: incident.number + 1,
      atMs,
      model: incident.model,
      kind: fact,
    });
    const after = fold(incident.number === 0 ? null : (incident as Incident), event);
    this.tables.incidents.set(after.id, after);
    if (after.state === 'open' && isOfTheStory(event)) this.tables.events.set(eventKey(after.id, event.number), event);
    this.publish(event);
    return after;
  }

  /** Publishes a fact of no incident: a command for one that does not exist, a report of one that was missed. */
  publish(event: IncidentEvent): void {
    this.emitter.emit(topics.incidents, 0, event);
  }

  /** Says something to audiences. It goes out with all else that this context says of the incident at the same time. */
  tell(incident: Incident, audiences: readonly string[], message: Message, atMs = this.nowMs): Incident {
    this.said.push({ incident: incident.id, audiences, message, atMs });
    return incident;
  }

  /** Says that an incident has opened: before all else that this context says of it. */
  announce(incident: Incident, audiences: readonly string[], message: Message): Incident {
    this.said.unshift({ incident: incident.id, audiences, message, atMs: this.nowMs });
    return incident;
  }

  /** Sends what was said, one message an incident, time and audience. A model that nobody declared pages nobody. */
  sendMessages(): void {
    const together = new Map<string, Said[]>();
    for (const each of this.said.splice(0)) {
      const key = JSON.stringify([each.incident, each.atMs]);
      together.set(key, [...(together.get(key) ?? []), each]);
    }
    for (const said of together.values()) {
      const [first] = said;
      if (first === undefined) continue;
      const incident = this.tables.incidents.get(first.incident);
      if (incident === undefined) continue;
      const audiences = this.hearing(
        incident,
        said.flatMap(({ audiences }) => audiences),
      );
      const message = folded(
        incident.model,
        said.map(({ message }) => message),
      );
      this.send(incident, [...new Set(audiences)].sort(), message, first.atMs);
    }
  }

  /** Of a model that was deleted those hear how it ended who had heard of it; of one that was never declared nobody has. */
  private hearing(incident: Incident, audiences: readonly string[]): readonly string[] {
    const isDeclared = declaredModel(this.tables, incident.model) !== undefined;
    return isDeclared ? audiences : audiences.filter((audience) => incident.told.includes(audience));
  }

  private send(incident: Incident, audiences: readonly string[], message: Message, atMs: number): void {
    const about = incident.number;
    let after = incident;
    for (const audience of audiences) {
      const id = `${incident.id}/${about}/${audience}`;
      const intent = {
        id,
        incident: incident.id,
        model: incident.model,
        severity: incident.severity,
        audience,
        dedupKey: dedupKey(this.context.environment, incident.id),
        eventAction: message.action,
        title: message.title,
        text: message.text,
        runbook: incident.runbook ?? '',
        labels: { ...incident.labels },
      };
      const partition = partitionOf(audience, this.emitter.partitionsOf(topics.notifications));
      this.emitter.emit(
        topics.notifications,
        partition,
        create(NotificationSchema, { atMs, kind: { case: 'intent', value: intent } }),
      );
      after = this.record(after, { case: 'notified', value: { notification: id, audience } }, atMs);
    }
  }

  /** Asks for an alias to be moved: the incident's next step, or another attempt at the last one. */
  moveAlias(
    incident: Incident,
    registry: { registeredModel: string; alias: string },
    from: string,
    to: string,
    { step, attempt } = { step: incident.step + 1, attempt: 1 },
  ): Incident {
    const intent = create(ActionIntentSchema, {
      atMs: this.nowMs,
      incident: incident.id,
      step,
      attempt,
      model: incident.model,
      expiresAfterMs: this.options.actionsExpireAfterMs,
      kind: { case: 'moveAlias', value: { ...registry, from, to } },
    });
    const partition = partitionOf(incident.id, this.emitter.partitionsOf(topics.actions));
    this.emitter.emit(topics.actions, partition, intent);
    return this.record(incident, { case: 'action', value: { intent } });
  }
}

/** Receipts and prices are on the record, but no post-mortem tells of each. */
function isOfTheStory(event: IncidentEvent): boolean {
  return event.kind.case !== 'receipt' && event.kind.case !== 'priced';
}
