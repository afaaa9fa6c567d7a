import { setTimeout as sleep } from 'node:timers/promises';
import type { MoolaServer } from '../server/moola-server.js';
import type { Shell } from '../shell/shell.js';
import { sendEvents } from '../simulation/send-events.js';
import { JobSimulation, type SimulatedJob } from '../simulation/simulated-job.js';

const sendEveryMs = 5000;

/** Sends the past of a training job, then goes on with it. */
export async function simulateJob(
  shell: Shell,
  server: MoolaServer,
  job: SimulatedJob,
  durationMs: number,
): Promise<void> {
  const beganMs = Date.now();
  const simulation = new JobSimulation(job, beganMs);
  const past = simulation.history();
  const problem = await sendEvents(server, past);
  if (problem !== null) return shell.fail(problem);
  shell.print(`sent ${past.length} reports of the past of the training job ${job.job}; ${expectation(job)}`);
  for (;;) {
    const leftMs = beganMs + durationMs - Date.now();
    if (leftMs <= 0) break;
    await sleep(Math.min(sendEveryMs, leftMs));
    const problem = await sendEvents(server, [simulation.report(Date.now())]);
    if (problem !== null) return shell.fail(problem);
  }
  shell.print(`done: see \`moola jobs show ${job.model} ${job.job}\` and \`moola incidents list\``);
}

/** Which of the default rules fire. */
function expectation({ stalls, leaks, failsCheckpoints, isLong }: SimulatedJob): string {
  const rules = [
    ...(stalls ? ['PretrainingStalled'] : []),
    ...(leaks ? ['PretrainingOOM'] : []),
    ...(failsCheckpoints ? ['PretrainingCheckpointFailed'] : []),
    ...(isLong ? ['PretrainingLongDuration'] : []),
  ];
  return rules.length === 0 ? 'no default rule fires' : `of the default rules ${rules.join(', ')} will fire`;
}
