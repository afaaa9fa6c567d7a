import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import type { EnvironmentView } from '@moola/console/read-model/environment-views';
import type { JobView } from '@moola/console/read-model/subject-views';
import { MoolaProcess } from '@moola/console/testing/moola-process';
import { eventually } from '@moola/streams/testing/eventually';
import { temporaryFolder } from '@moola/streams/adapters/embedded/temporary-folder';

/** What `train.py` has computed from the log alone. */
type Expected = Pick<JobView, 'state' | 'step' | 'totalSteps' | 'loss' | 'checkpointsSaved' | 'checkpointsFailed'> & {
  readonly model: string;
  readonly job: string;
  readonly stepsPerSecond: number;
  readonly secondsInAll: number;
};

const files = 'examples/training-run';

it('the log of a real training run is replayed: step, loss, pace and checkpoints are those of an independent script', async () => {
  const expected = JSON.parse(readFileSync(`${files}/expected.json`, 'utf8')) as Expected;
  const folder = await temporaryFolder();
  const moola = await MoolaProcess.up([
    ...['--headless', '--data', folder.path, '--port', '0', '--speed', 'max'],
    ...['--log', `${files}/log.ndjson`, '--definitions', `${files}/definitions.yaml`],
  ]);
  try {
    const environment = `${moola.url}/api/v1/environments/example`;
    const read = async <T>(path: string): Promise<T> => (await (await fetch(`${environment}${path}`)).json()) as T;
    const readJob = () => read<JobView>(`/models/${expected.model}/jobs/${expected.job}`);
    await eventually('the replay is over, and the job has ended', async () => {
      return (await read<EnvironmentView>('')).replay?.finished === true && (await readJob()).state === 'finished';
    });
    const job = await readJob();
    const { state, step, totalSteps, loss, checkpointsSaved, checkpointsFailed } = expected;
    expect(job).toMatchObject({ state, step, totalSteps, loss, checkpointsSaved, checkpointsFailed });
    expect(Math.abs(job.stepsPerSecond!.value / expected.stepsPerSecond - 1)).toBeLessThan(1e-9);
    expect((job.endedMs! - job.startedMs) / 1000).toBeCloseTo(expected.secondsInAll, 6);
    const losses = job.losses.map(({ loss }) => loss);
    expect(losses.at(-1)).toBe(loss);
    expect(losses[0]).toBeGreaterThan(1);
  } finally {
    await moola.kill();
    await folder.remove();
  }
}, 360_000);
