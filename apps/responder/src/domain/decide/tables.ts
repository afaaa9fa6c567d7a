import { DefinitionSchema, type Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { IncidentEventSchema, type IncidentEvent } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { PairedComparisonSchema, type PairedComparison } from '@moola/contracts/gen/moola/v1/signals_pb';
import {
  AlertTransitionSchema,
  BudgetStateSchema,
  type AlertTransition,
  type BudgetState,
} from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { jsonEntry, KeyedState } from '@moola/streams/processor/keyed-state';
import { messageEntry } from '@moola/streams/processor/message-entry';
import type { Incident } from '../incidents/incident.js';
import type { WorstFigure } from '../incidents/worst-figure.js';
import type { RunningPrice } from '../price/running-price.js';
import { unknownModel, type ModelState, type Reopening, type UnknownSince } from './model-state.js';

const FORMAT = 1;

/** The responder's state, an entry a model, version, incident or event: a checkpoint writes only what changed. */
export class Tables {
  readonly clock: KeyedState<{ readonly tickMs: number }>;
  /** By `tableKey(kind, name)`: models, playbooks and values. */
  readonly definitions: KeyedState<Definition>;
  readonly models: KeyedState<ModelState>;
  /** By `tableKey(model, version)`. */
  readonly budgets: KeyedState<BudgetState>;
  /** By `tableKey(model, first, second)`. */
  readonly comparisons: KeyedState<PairedComparison>;
  /** By `tableKey(model, version)`: the gates that have too few samples, each since when. */
  readonly unknownSince: KeyedState<UnknownSince>;
  /** By `tableKey(model, alertName)`: the alert as it last changed. */
  readonly alerts: KeyedState<AlertTransition>;
  /** By `tableKey(model, alertName)`: what a person resolved while its alert fired. */
  readonly reopenings: KeyedState<Reopening>;
  readonly incidents: KeyedState<Incident>;
  /** The events of open incidents, by `eventKey`: their post-mortem's timeline. */
  readonly events: KeyedState<IncidentEvent>;
  /** Of open incidents. */
  readonly prices: KeyedState<RunningPrice>;
  /** Of open incidents, by id. */
  readonly worst: KeyedState<WorstFigure>;
  /** By `tableKey(model, alertName)`: what alerts cost that are pending on a gate, from their breach on, US dollars. */
  readonly pending: KeyedState<{ readonly costUsd: number }>;
  /** Ids of commands, results and receipts that were taken, with the tick at which they were. */
  readonly taken: KeyedState<{ readonly atMs: number }>;

  constructor(entries: ReadonlyMap<string, Uint8Array>) {
    this.clock = new KeyedState('clock/', jsonEntry(FORMAT), entries);
    this.definitions = new KeyedState('definition/', messageEntry(DefinitionSchema, FORMAT), entries);
    this.models = new KeyedState('model/', jsonEntry<ModelState>(FORMAT), entries);
    this.budgets = new KeyedState('budget/', messageEntry(BudgetStateSchema, FORMAT), entries);
    this.comparisons = new KeyedState('comparison/', messageEntry(PairedComparisonSchema, FORMAT), entries);
    this.unknownSince = new KeyedState('unknown/', jsonEntry<UnknownSince>(FORMAT), entries);
    this.alerts = new KeyedState('alert/', messageEntry(AlertTransitionSchema, FORMAT), entries);
    this.reopenings = new KeyedState('reopening/', jsonEntry<Reopening>(FORMAT), entries);
    this.incidents = new KeyedState('incident/', jsonEntry<Incident>(FORMAT), entries);
    this.events = new KeyedState('event/', messageEntry(IncidentEventSchema, FORMAT), entries);
    this.prices = new KeyedState('price/', jsonEntry<RunningPrice>(FORMAT), entries);
    this.worst = new KeyedState('worst/', jsonEntry<WorstFigure>(FORMAT), entries);
    this.pending = new KeyedState('pending/', jsonEntry(FORMAT), entries);
    this.taken = new KeyedState('taken/', jsonEntry(FORMAT), entries);
  }

  model(name: string): ModelState {
    return this.models.get(name) ?? unknownModel;
  }

  changeModel(name: string, change: Partial<ModelState>): ModelState {
    const changed = { ...this.model(name), ...change };
    this.models.set(name, changed);
    return changed;
  }

  /** The largest tick so far, milliseconds since the epoch. */
  get tickMs(): number {
    return this.clock.get('')?.tickMs ?? 0;
  }

  takeChanges(): Map<string, Uint8Array | null> {
    const changes = new Map<string, Uint8Array | null>();
    const all = [this.clock, this.definitions, this.models, this.budgets, this.comparisons, this.incidents];
    const more = [this.unknownSince, this.alerts, this.reopenings, this.worst];
    for (const table of [...all, ...more, this.events, this.prices, this.pending, this.taken])
      table.takeChanges(changes);
    return changes;
  }
}

/** A key of parts that may hold any character. */
export function tableKey(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}

/** Sorts by incident, then by number. */
export function eventKey(incident: string, number: number): string {
  return tableKey(incident, String(number).padStart(10, '0'));
}
