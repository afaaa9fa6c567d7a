import { setImmediate } from 'node:timers/promises';
import { contentId } from '@moola/collector/receive/event-id';
import { receive } from '@moola/collector/receive/domain/receive';
import { plainPrediction } from '@moola/contracts/columns/predictions';
import { caseOf } from '@moola/contracts/plain-outcome';
import { Role, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { IntakeRow } from '@moola/contracts/rows';
import { anyAge } from '../replay/replay-inputs.js';
import { deploymentEvent } from '../replay/sent-rows.js';
import { roleOf, type ReplayStep } from '../replay/schedule.js';
import type { BacktestInputs, TriedDefinitions } from './backtest-inputs.js';
import { definitionRows, JoinAndTrack, replayer, type IntakeStreamRow } from './join-and-track.js';
import { ModelFacts } from './model-facts.js';

/** What came of one set of definitions. */
export interface TriedFacts {
  readonly tried: TriedDefinitions;
  /** By model. */
  readonly models: ReadonlyMap<string, ModelFacts>;
  /** Rows that could not be applied, which live go to the dead letters. */
  readonly unusable: number;
}

/** So often others get their turn, and the progress is shown. */
const breathMs = 100;

/**
 * Sends a log through join and tracker, under one set of definitions or two at a time.
 * @param progress told of the steps that are done
 */
export async function runBacktest(
  inputs: BacktestInputs,
  progress: (step: number) => void,
  signal: AbortSignal,
): Promise<readonly TriedFacts[]> {
  const { schedule, tried, against } = inputs;
  const runs = [tried, ...(against === null ? [] : [against])].map((each) => new TriedRun(each));
  const rows = new SentRows(inputs);
  let [step, breathedMs] = [0, performance.now()];
  for (const ofStep of schedule.stepsFrom(0)) {
    for (const row of rows.of(step, ofStep)) for (const run of runs) run.apply(row);
    step++;
    // One row may take long: the clock decides only how often progress is shown.
    if (performance.now() - breathedMs < breathMs) continue;
    progress(step);
    await setImmediate();
    signal.throwIfAborted();
    breathedMs = performance.now();
  }
  progress(schedule.length);
  return runs.map((run) => run.facts());
}

class TriedRun {
  private readonly models: ReadonlyMap<string, ModelFacts>;
  private readonly processors: JoinAndTrack;

  constructor(private readonly tried: TriedDefinitions) {
    this.models = new Map(tried.models.map((model) => [model, new ModelFacts()]));
    this.processors = new JoinAndTrack((snapshot) => this.models.get(snapshot.model)?.take(snapshot));
    for (const row of definitionRows(tried.definitions)) this.processors.apply(row);
  }

  apply(row: IntakeStreamRow): void {
    this.processors.apply(row);
  }

  facts(): TriedFacts {
    return { tried: this.tried, models: this.models, unusable: this.processors.unusable };
  }
}

/** The rows of each step, as a replay writes them into `intake`. */
class SentRows {
  private serving = '';

  constructor(private readonly inputs: BacktestInputs) {}

  *of(step: number, { releases, rows }: ReplayStep): IterableIterator<IntakeStreamRow> {
    const { schedule, model } = this.inputs;
    const startMs = schedule.startMs + step * schedule.stepMs;
    const tickMs = startMs + schedule.stepMs;
    let ordinal = 0;
    // Written out: this is done for each row.
    const data = (value: IntakeRow): IntakeStreamRow => {
      const position = { offset: step, ordinal: ordinal++ };
      return { source: replayer, position, tickMs: startMs, kind: 'data', value };
    };
    for (const release of releases) {
      if (release.role === Role.PRIMARY) this.serving = release.version;
      yield data(received(deploymentEvent(model, { ...release, incident: '' }), tickMs));
    }
    for (const row of rows) yield data(this.completed(row));
    yield { source: replayer, position: { offset: step, ordinal }, tickMs, kind: 'tick' };
  }

  /** Predictions and outcomes are known by their inputs, so they need no id; by releases the version that serves is primary. */
  private completed(row: IntakeRow): IntakeRow {
    if (row.kind !== 'prediction') {
      if (caseOf(row) !== 'outcome' && row.event.id === '') row.event.id = contentId(row);
      return row;
    }
    if (this.serving === '' || row.model !== this.inputs.model) return row;
    return { ...plainPrediction(row), role: roleOf(row.version, this.serving) };
  }
}

function received(event: Event, nowMs: number): IntakeRow {
  const context = { nowMs, horizonMs: anyAge, replaceIdentifier: null, contentId };
  const result = receive(event, context);
  if (result.accepted) return result.row;
  throw new Error(`a release cannot be replayed: ${result.refused.field} ${result.refused.detail}`);
}
