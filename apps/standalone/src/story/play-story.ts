import type { AnonymisationKey } from '@moola/collector/receive/identifier-hash';
import type { CalendarView } from '@moola/console/read-model/environment-views';
import { topicName, topics } from '@moola/contracts/topics';
import type { EnvironmentFold } from '@moola/console/read-model/environment-fold';
import type { CheckpointStore } from '@moola/streams/ports/checkpoint-store';
import type { IncidentEvent } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { EventLog } from '@moola/streams/ports/event-log';
import type { EmbeddedRegistry } from '../registry/embedded-registry.js';
import type { ReplayInputs } from '../replay/replay-inputs.js';
import { runReplay, type ReplayResult, type RunReplayOptions } from '../replay/run-replay.js';
import { Narrator } from './narrator.js';
import { PostMortemFiles } from './post-mortem-files.js';
import { showProgress, type ProgressOutputs } from './progress.js';
import { isoSeconds } from './round.js';

export interface StoryOptions {
  readonly log: EventLog;
  /** `null`: the replay never goes on where it stopped. */
  readonly store: CheckpointStore | null;
  /** See `RunReplayOptions`. @default all records are kept */
  readonly letGo?: RunReplayOptions['letGo'];
  /** See `RunReplayOptions`. */
  readonly atOnce?: RunReplayOptions['atOnce'];
  readonly registry: EmbeddedRegistry;
  /** The console's view of the environment, if it lives in this process: it is told how far the replay is. */
  readonly fold: EnvironmentFold | null;
  readonly environment: string;
  readonly inputs: ReplayInputs;
  /** Replaces identifiers before anything is stored. */
  readonly anonymisation?: AnonymisationKey;
  /** Where post-mortems are written. */
  readonly postMortems: string;
  /** Steps a second. */
  readonly speed: number | 'max';
}

/** Plays a replay to its end, telling its story line by line. */
export async function playStory(
  options: StoryOptions,
  outputs: ProgressOutputs,
  partitions: number,
  signal: AbortSignal,
): Promise<ReplayResult> {
  const { log, store, fold, environment, inputs } = options;
  const shown = showProgress(outputs, inputs.schedule.length);
  const label = (timeMs: number) => inputs.labelOf(timeMs) || isoSeconds(timeMs);
  const isTerminal = (outputs.stdout as NodeJS.WriteStream).isTTY === true;
  const calendar = inputs.hasLabels ? calendarOf(inputs) : null;
  const colour = outputs.show === 'bar' && isTerminal ? 'colour' : 'plain';
  const narrator = new Narrator(shown.print, label, colour, calendar);
  // What a run before this one has told is not told again.
  const untold = (await log.bounds({ topic: topicName(environment, topics.incidents), partition: 0 })).next;
  const postMortems = new Map<string, IncidentEvent>();
  const replayed = { step: 0, steps: inputs.schedule.length, finished: false };
  if (fold) {
    fold.replay = () => ({ ...replayed });
    fold.calendar = calendar;
  }
  try {
    const { registeredModel = '', alias = '' } = inputs.modelDefinition.registry ?? {};
    const result = await runReplay(
      {
        ...{ log, store, environment, inputs, partitions, speed: options.speed },
        ...(options.anonymisation && { anonymisation: options.anonymisation }),
        registry: options.registry.alias(environment, registeredModel, alias),
        progress: (step) => {
          replayed.step = step;
          shown.at(step, label(inputs.schedule.startMs + step * inputs.schedule.stepMs));
        },
        letGo: options.letGo ?? null,
        ...(options.atOnce && { atOnce: options.atOnce }),
        incidentEvent(event, offset) {
          if (offset >= untold) narrator.tell(event);
          if (event.kind.case === 'postMortem') postMortems.set(event.incident, event);
        },
      },
      signal,
    );
    replayed.finished = true;
    await log.flushed();
    await writePostMortems(options, postMortems.values());
    return result;
  } finally {
    shown.stop();
  }
}

/** What the console calls the steps. */
function calendarOf({ schedule: { startMs, stepMs, length }, labelOf }: ReplayInputs): CalendarView {
  return { startMs, stepMs, labels: Array.from({ length }, (_, step) => labelOf(startMs + (step + 1) * stepMs)) };
}

/** @param events the last post-mortem of each incident */
async function writePostMortems({ inputs, postMortems }: StoryOptions, events: Iterable<IncidentEvent>): Promise<void> {
  const calendar = inputs.hasLabels ? calendarOf(inputs) : null;
  const files = new PostMortemFiles(postMortems, { urlOf: () => '', calendar: () => calendar });
  for (const event of events) await files.write(event);
}
