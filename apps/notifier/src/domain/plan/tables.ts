import { DefinitionSchema, type Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { jsonEntry, KeyedState } from '@moola/streams/processor/keyed-state';
import { messageEntry } from '@moola/streams/processor/message-entry';
import type { Planned } from './planned.js';

/** Notifications of one incident that wait for each other. */
export interface Group {
  readonly dueAtMs: number;
  /** In order of arrival. */
  readonly members: readonly Planned[];
}

/** The state of one partition of `notifications`, an entry a route, notification or group. */
export class Tables {
  readonly clock: KeyedState<number>;
  /** Route definitions by name. */
  readonly routes: KeyedState<Definition>;
  /** When each notification came, by id: the second of the same id is dropped. */
  readonly known: KeyedState<number>;
  readonly groups: KeyedState<Group>;
  /** What is on its way, by id. */
  readonly active: KeyedState<Planned>;

  constructor(entries: ReadonlyMap<string, Uint8Array>) {
    this.clock = new KeyedState('clock/', jsonEntry(1), entries);
    this.routes = new KeyedState('routes/', messageEntry(DefinitionSchema, 1), entries);
    this.known = new KeyedState('known/', jsonEntry(1), entries);
    this.groups = new KeyedState('groups/', jsonEntry(1), entries);
    this.active = new KeyedState('active/', jsonEntry(1), entries);
  }

  /** The largest tick so far, milliseconds since the epoch; 0 before the first. */
  get nowMs(): number {
    return this.clock.get('') ?? 0;
  }

  takeChanges(): Map<string, Uint8Array | null> {
    const changes = new Map<string, Uint8Array | null>();
    for (const table of [this.clock, this.routes, this.known, this.groups, this.active]) table.takeChanges(changes);
    return changes;
  }
}
