import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  Comparator,
  DefinitionSchema,
  ModelDefinitionSchema,
  RuleDefinitionSchema,
  Severity,
  type Definition,
  type ModelDefinition,
  type RuleDefinition,
} from '@moola/contracts/gen/moola/v1/definitions_pb';
import {
  AlertState,
  BudgetVerdict,
  type AlertTransition,
  type BucketSnapshot,
  type Snapshot,
} from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { LabelledRow, ObservationRow, PredictionRow } from '@moola/contracts/rows';
import { runProcessor, type EmittedRow, type RunOptions, type TestRow } from '@moola/testing/run-processor';
import { createTracker } from '../domain/tracker.js';
import { deploymentRow, labelledRow, predictionRow } from './observation-rows.js';

export const minuteMs = 60_000;

type ModelFields = Exclude<MessageInitShape<typeof ModelDefinitionSchema>, ModelDefinition>;
type RuleFields = Exclude<MessageInitShape<typeof RuleDefinitionSchema>, RuleDefinition>;

/** A model with buckets of a minute and a gate on accuracy over five; what a story needs otherwise it states. */
export function modelDefinition(fields: ModelFields = {}, name = 'M'): Definition {
  const value = create(ModelDefinitionSchema, {
    positiveClass: '1',
    labelHorizonMs: 60 * minuteMs,
    designEffect: 1,
    bucketMs: minuteMs,
    budget: {
      windowMs: 5 * minuteMs,
      knownGoodAfterMs: 10 * minuteMs,
      knownGoodLabels: 10,
      lines: [
        {
          metric: 'accuracy',
          comparator: Comparator.BELOW,
          limit: 0.8,
          severity: Severity.CRITICAL,
          gate: true,
          minimumSamples: 5,
        },
      ],
    },
    ...fields,
  });
  return create(DefinitionSchema, { name, kind: { case: 'model', value } });
}

export function ruleDefinition(name: string, fields: RuleFields): Definition {
  const value = create(RuleDefinitionSchema, { model: 'M', minimumSamples: 1, windowMs: minuteMs, ...fields });
  return create(DefinitionSchema, { name, kind: { case: 'rule', value } });
}

const told = (ms: number): string => `${ms / minuteMs}`;

/**
 * What happens to the models of a tracker, minute by minute, and what is heard of it. Times are minutes; rows are added in
 * the order of the calls, and a tick ends each minute.
 */
export class TrackerStory {
  readonly rows: TestRow<ObservationRow>[] = [];
  private group = 0;

  constructor(...definitions: Definition[]) {
    for (const definition of definitions) this.define(definition);
  }

  define(definition: Definition): this {
    this.rows.push({ definition });
    return this;
  }

  deploy(minute: number, version: string, role: Role = Role.PRIMARY): this {
    this.rows.push({ data: deploymentRow('M', version, role, minute * minuteMs) });
    return this;
  }

  /** So many predictions in a minute. */
  predict(minute: number, count: number, fields: Partial<PredictionRow> = {}): this {
    for (let i = 0; i < count; i++) this.row(predictionRow({ timeMs: minute * minuteMs + i, ...fields }));
    return this;
  }

  /** So many labels that become known in a minute, of which so many are right. */
  label(minute: number, count: number, right: number, fields: Partial<LabelledRow> = {}): this {
    for (let i = 0; i < count; i++) {
      const truth = i < right ? '1' : '0';
      this.row(labelledRow({ knownAtMs: minute * minuteMs + i, truth, group: this.group++, ...fields }));
    }
    return this;
  }

  row(data: ObservationRow): this {
    this.rows.push({ data });
    return this;
  }

  /** @param minute that has ended, or a fraction of it */
  tick(minute: number): this {
    this.rows.push({ tick: minute * minuteMs });
    return this;
  }

  run(options: RunOptions = {}, windowsMs: readonly number[] = [minuteMs]): EmittedRow[] {
    return runProcessor(createTracker({ windowsMs }), this.rows, options);
  }

  snapshots(windowsMs?: readonly number[], options: RunOptions = {}): Snapshot[] {
    return this.run(options, windowsMs).flatMap(({ topic, content }) =>
      topic === 'snapshots' && content.kind === 'data' ? [content.value as Snapshot] : [],
    );
  }

  transitions(options: RunOptions = {}): AlertTransition[] {
    return this.snapshots(undefined, options).flatMap(({ kind }) => (kind.case === 'alert' ? [kind.value] : []));
  }

  buckets(options: RunOptions = {}): BucketSnapshot[] {
    return this.snapshots(undefined, options).flatMap(({ kind }) => (kind.case === 'bucket' ? [kind.value] : []));
  }

  /** Alert transitions and budget states as they are heard, a line each. */
  heard(): string[] {
    return this.snapshots().flatMap(({ atMs, kind }) => {
      if (kind.case === 'alert') {
        const { rule, version, transition, from, to, sinceMs, reason } = kind.value;
        const step = `${AlertState[from]} → ${AlertState[to]}`;
        return [`${told(atMs)}: ${rule} ${version} #${transition} ${step} since ${told(sinceMs)}, ${reason}`];
      }
      if (kind.case !== 'budget') return [];
      const { version, verdict, knownGood, knownGoodAtMs, serving, lines } = kind.value;
      const marks = [
        ...(serving ? ['serving'] : []),
        ...(knownGood ? ['known good'] : []),
        ...(knownGoodAtMs > 0 ? [`good at ${told(knownGoodAtMs)}`] : []),
      ];
      const verdicts = lines.map((line) => `${line.metric} ${BudgetVerdict[line.verdict]}`);
      return [`${told(atMs)}: ${[version, BudgetVerdict[verdict], ...marks].join(' ')} (${verdicts.join(', ')})`];
    });
  }
}
