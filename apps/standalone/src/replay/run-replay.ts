import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { replaceIdentifiers } from '@moola/collector/receive/domain/identifiers';
import { receive, type IdentifierHash } from '@moola/collector/receive/domain/receive';
import { contentId } from '@moola/collector/receive/event-id';
import { identifierHash, type AnonymisationKey } from '@moola/collector/receive/identifier-hash';
import type { IncidentEvent } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { Event, Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { plainPrediction } from '@moola/contracts/columns/predictions';
import { PlainOutcome } from '@moola/contracts/plain-outcome';
import type { IntakeRow } from '@moola/contracts/rows';
import { topicName, topics } from '@moola/contracts/topics';
import type { CheckpointStore } from '@moola/streams/ports/checkpoint-store';
import type { EventLog, TopicPartition } from '@moola/streams/ports/event-log';
import { defineOnce } from '../environment/define-once.js';
import { finalLine, type FinalLine } from '../story/final-line.js';
import { unevaluatedRules, type UnevaluatedRule } from '../story/rule-evaluations.js';
import { StoryFacts } from '../story/story-facts.js';
import { Consequences } from './consequences.js';
import { anyAge, type ReplayInputs } from './replay-inputs.js';
import { SavedProgress, unsavedProgress } from './replay-state.js';
import { Replayer, type AliasRegistry } from './replayer.js';

export interface RunReplayOptions {
  readonly log: EventLog;
  /** Where it says how far it is, to go on from there another time; `null`: it never will. */
  readonly store: CheckpointStore | null;
  readonly environment: string;
  readonly inputs: ReplayInputs;
  readonly registry: AliasRegistry;
  readonly partitions: number;
  readonly speed: number | 'max';
  /** Replaces identifiers before anything is stored, as the doors do. */
  readonly anonymisation?: AnonymisationKey;
  /**
   * Where the log is thrown away with the process: lets go of records that nobody will read again. `null`: all are kept.
   */
  readonly letGo: ((at: TopicPartition, before: number) => void) | null;
  /** See `mostAtOnce`. */
  readonly atOnce?: { readonly steps: number; readonly rows: number };
  /** After each step: how far it is. */
  progress(step: number, steps: number): void;
  /** @param offset of the record that it stands in */
  incidentEvent(event: IncidentEvent, offset: number): void;
}

/**
 * So much is sent at once where nothing that a step causes can change what a later one sends. Results are the same however
 * much it is; more would only wait in memory.
 */
const mostAtOnce = { steps: 256, rows: 1024 };
const oneByOne = { steps: 1, rows: 0 };

/** What came of a replay. */
export interface ReplayResult {
  readonly line: FinalLine;
  readonly unevaluated: readonly UnevaluatedRule[];
}

/** Replays from where it stopped to the end, and says what came of it. */
export async function runReplay(options: RunReplayOptions, signal: AbortSignal): Promise<ReplayResult> {
  const { log, store, environment, inputs, registry, partitions, speed } = options;
  await defineOnce(log, environment, inputs.definitions, signal);
  const counts = new Map<string, number>();
  const count = async (topic: { readonly name: string }) =>
    counts.set(topic.name, await log.partitionCount(topicName(environment, topic)));
  await Promise.all([...Consequences.topics, ...readByTasksAlone].map(count));
  const partitionsOf = ({ name }: { readonly name: string }) => counts.get(name) ?? 1;
  const facts = new StoryFacts(inputs.model);
  const consequences = new Consequences(log, environment, partitionsOf, {
    snapshot: (snapshot) => facts.takeSnapshot(snapshot),
    kpi: (kpi) => facts.takeKpi(kpi),
    incidentEvent(event, offset) {
      facts.takeIncidentEvent(event);
      options.incidentEvent(event, offset);
    },
  });
  const progress = store === null ? unsavedProgress : new SavedProgress(store, environment, randomUUID());
  const follows = inputs.modelDefinition.registry?.alias ? registry : null;
  const { schedule } = inputs;
  const hash = options.anonymisation ? identifierHash(options.anonymisation) : null;
  const kept = { steps: 0, rows: 0 };
  const replayer = new Replayer(log, progress, consequences, {
    ...{ environment, model: inputs.model, schedule, registry: follows, partitions },
    // What is sent again after a crash is one step.
    atOnce: follows === null && store === null && speed === 'max' ? (options.atOnce ?? mostAtOnce) : oneByOne,
    receive: (event, nowMs) => {
      const replaceIdentifier = isByMoola(event) ? null : hash;
      const received = receive(event, { nowMs, horizonMs: anyAge, replaceIdentifier, contentId });
      if (received.accepted) return received.row;
      throw new Error(`a release cannot be replayed: ${received.refused.field} ${received.refused.detail}`);
    },
    complete: (row, role) => completed(row, role, hash),
    beforeStep: async (step) => {
      options.progress(step, schedule.length);
      if (speed !== 'max') await sleep(1000 / speed, undefined, { signal });
    },
    async afterSteps({ steps, rows }) {
      kept.steps += steps;
      kept.rows += rows;
      if (options.letGo === null || (kept.steps < mostAtOnce.steps && kept.rows < mostAtOnce.rows)) return;
      Object.assign(kept, { steps: 0, rows: 0 });
      await letGoOf(options.letGo);
    },
  });
  await replayer.run(signal);
  options.progress(schedule.length, schedule.length);
  await consequences.toEnd();
  const { model, definitions } = inputs;
  const unevaluated = unevaluatedRules(model, definitions, facts.samples, facts.knownGood.size > 0);
  return { line: finalLine(inputs, facts), unevaluated };

  async function letGoOf(dropBefore: (at: TopicPartition, before: number) => void): Promise<void> {
    for await (const { at, before } of consequences.read()) dropBefore(at, before);
    for (const topic of readByTasksAlone) {
      for (let partition = 0; partition < partitionsOf(topic); partition++) {
        const at = { topic: topicName(environment, topic), partition };
        dropBefore(at, (await log.bounds(at)).next);
      }
    }
  }
}

/** Topics of a replay that nobody reads but processors. */
const readByTasksAlone = [topics.intake, topics.observations, topics.pairs];

/** A row of the log as it is sent. Its id is made of its content, other words for identifiers included. */
function completed(row: IntakeRow, role: Role | null, hash: IdentifierHash | null): IntakeRow {
  if (row.kind === 'prediction') {
    const input = hash === null ? row.input : hash.of(row.input);
    const sent = { ...plainPrediction(row), role: role ?? row.role, input };
    if (sent.id === '') sent.id = contentId(sent);
    return sent;
  }
  if (row instanceof PlainOutcome) {
    const replaced = hash === null ? row : row.with(row.id, hash.of(row.input));
    return replaced.id === '' ? replaced.with(contentId(replaced), replaced.input) : replaced;
  }
  const { event } = row;
  if (hash !== null && !isByMoola(event)) replaceIdentifiers(event, (identifier) => hash.of(identifier));
  if (event.id === '') event.id = contentId(row);
  return row;
}

/** A deployment by the responder, or by whoever moved the registry's alias: neither names a person. */
function isByMoola({ kind }: Event): boolean {
  return kind.case === 'deployment' && ['responder', 'registry'].includes(kind.value.by);
}
