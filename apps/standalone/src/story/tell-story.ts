import { PassThrough } from 'node:stream';
import { playStory, type StoryOptions } from './play-story.js';

export interface Telling {
  /** Nothing but the final line. */
  readonly json: boolean;
  readonly stdout: NodeJS.WritableStream;
}

/** Plays a story as fast as it goes, and tells it. */
export async function tellStory(
  { json, stdout }: Telling,
  stage: Omit<StoryOptions, 'speed' | 'stdout'>,
  partitions: number,
  signal: AbortSignal,
): Promise<void> {
  const told = json ? new PassThrough().resume() : stdout;
  const line = await playStory({ ...stage, speed: 'max', stdout: told }, 'bar', partitions, signal);
  if (json) stdout.write(`${JSON.stringify(line)}\n`);
}
