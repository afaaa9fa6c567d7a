import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { receive } from '@moola/collector/receive/domain/receive';
import { contentId } from '@moola/collector/receive/event-id';
import { identifierHash, type AnonymisationKey } from '@moola/collector/receive/identifier-hash';
import type { Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { topicName } from '@moola/contracts/topics';
import type { CheckpointStore } from '@moola/streams/ports/checkpoint-store';
import type { EventLog } from '@moola/streams/ports/event-log';
import { defineOnce } from '../environment/define-once.js';
import { finalLine, type FinalLine } from '../story/final-line.js';
import { unevaluatedRules, type UnevaluatedRule } from '../story/rule-evaluations.js';
import { readFacts } from '../story/read-facts.js';
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
  /** After each step: how far it is. */
  progress(step: number, steps: number): void;
}

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
  await Promise.all(Consequences.topics.map(count));
  const consequences = new Consequences(log, environment, ({ name }) => counts.get(name) ?? 1);
  const progress = store === null ? unsavedProgress : new SavedProgress(store, environment, randomUUID());
  const follows = inputs.modelDefinition.registry?.alias ? registry : null;
  const { schedule } = inputs;
  const hash = options.anonymisation ? identifierHash(options.anonymisation) : null;
  const replayer = new Replayer(log, progress, consequences, {
    ...{ environment, model: inputs.model, schedule, registry: follows, partitions },
    receive: (event, nowMs) => {
      const replaceIdentifier = isByMoola(event) ? null : hash;
      const received = receive(event, { nowMs, horizonMs: anyAge, replaceIdentifier, contentId });
      if (received.accepted) return received.row;
      // The log was checked when it was read.
      throw new Error(`event ${event.id} of the log: ${received.refused.field} ${received.refused.detail}`);
    },
    beforeStep: async (step) => {
      options.progress(step, schedule.steps.length);
      if (speed !== 'max') await sleep(1000 / speed, undefined, { signal });
    },
  });
  await replayer.run(signal);
  options.progress(schedule.steps.length, schedule.steps.length);
  const facts = await readFacts(log, environment, inputs.model);
  const { model, definitions } = inputs;
  const unevaluated = unevaluatedRules(model, definitions, facts.samples, facts.knownGood.size > 0);
  return { line: finalLine(inputs, facts), unevaluated };
}

/** A deployment by the responder, or by whoever moved the registry's alias: neither names a person. */
function isByMoola({ kind }: Event): boolean {
  return kind.case === 'deployment' && ['responder', 'registry'].includes(kind.value.by);
}
