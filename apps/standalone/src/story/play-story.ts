import { MultiBar, Presets } from 'cli-progress';
import type { CalendarView } from '@moola/console/read-model/environment-views';
import { topicName, topics } from '@moola/contracts/topics';
import type { EnvironmentFold } from '@moola/console/read-model/environment-fold';
import type { CheckpointStore } from '@moola/streams/checkpoint-store';
import type { EventLog } from '@moola/streams/event-log';
import type { EmbeddedRegistry } from '../registry/embedded-registry.js';
import type { ReplayInputs } from '../replay/replay-inputs.js';
import { runReplay } from '../replay/run-replay.js';
import { TopicTail } from '../replay/topic-tail.js';
import type { FinalLine } from './final-line.js';
import { followIncidents } from './follow-incidents.js';
import { Narrator } from './narrator.js';
import { PostMortemFiles } from './post-mortem-files.js';
import { isoSeconds } from './round.js';

export interface StoryOptions {
  readonly log: EventLog;
  readonly store: CheckpointStore;
  readonly registry: EmbeddedRegistry;
  /** The console's view of the environment, if it lives in this process: it is told how far the replay is. */
  readonly fold: EnvironmentFold | null;
  readonly environment: string;
  readonly inputs: ReplayInputs;
  /** Where post-mortems are written. */
  readonly postMortems: string;
  /** Steps a second. */
  readonly speed: number | 'max';
  readonly stdout: NodeJS.WritableStream;
}

/** Plays a replay to its end, telling its story line by line; the last line is the final line as JSON. */
export async function playStory(
  options: StoryOptions,
  show: 'bar' | 'lines',
  partitions: number,
  signal: AbortSignal,
): Promise<FinalLine> {
  const { log, store, fold, environment, inputs, stdout } = options;
  const isTerminal = (stdout as NodeJS.WriteStream).isTTY === true;
  const bars =
    show === 'bar' && isTerminal
      ? new MultiBar(
          {
            stream: stdout,
            stopOnComplete: false,
            hideCursor: true,
            linewrap: true,
            format: ' {bar} {value}/{total} {label}',
          },
          Presets.rect,
        )
      : null;
  const bar = bars?.create(inputs.schedule.steps.length, 0, { label: '' });
  const print = (line: string) => (bars ? bars.log(`${line}\n`) : stdout.write(`${line}\n`));
  const label = (timeMs: number) => inputs.labelOf(timeMs) || isoSeconds(timeMs);
  const narrator = new Narrator(print, label, bars === null ? 'plain' : 'colour');
  // What a run before this one has told is not told again.
  const untold = (await log.bounds({ topic: topicName(environment, topics.incidents), partition: 0 })).next;
  const listening = new AbortController();
  const stopListening = () => listening.abort();
  signal.addEventListener('abort', stopListening);
  const following = followIncidents(
    log,
    environment,
    (event, offset) => {
      if (offset >= untold) narrator.tell(event);
    },
    listening.signal,
  );
  const replayed = { step: 0, steps: inputs.schedule.steps.length, finished: false };
  if (fold) {
    fold.replay = () => ({ ...replayed });
    fold.calendar = calendarOf(inputs);
  }
  try {
    const { registeredModel = '', alias = '' } = inputs.modelDefinition.registry ?? {};
    const line = await runReplay(
      {
        ...{ log, store, environment, inputs, partitions, speed: options.speed },
        registry: options.registry.alias(environment, registeredModel, alias),
        progress: (step) => {
          replayed.step = step;
          bar?.update(step, { label: label(inputs.schedule.startMs + step * inputs.schedule.stepMs) });
        },
        refused: (detail) => print(`refused: ${detail}`),
      },
      signal,
    );
    replayed.finished = true;
    await log.flushed();
    await writePostMortems(options);
    listening.abort();
    await following;
    bars?.stop();
    stdout.write(`${JSON.stringify(line)}\n`);
    return line;
  } finally {
    signal.removeEventListener('abort', stopListening);
    listening.abort();
    bars?.stop();
  }
}

/** What the console calls the steps. */
function calendarOf({ schedule: { startMs, stepMs, steps }, labelOf }: ReplayInputs): CalendarView {
  return { startMs, stepMs, labels: steps.map((_, step) => labelOf(startMs + (step + 1) * stepMs)) };
}

async function writePostMortems({ log, environment, postMortems }: StoryOptions): Promise<void> {
  const files = new PostMortemFiles(postMortems);
  const writes: Promise<void>[] = [];
  await new TopicTail(log, environment, topics.incidents, 0, {
    data: (event) => void writes.push(files.write(event)),
  }).toEnd();
  await Promise.all(writes);
}
