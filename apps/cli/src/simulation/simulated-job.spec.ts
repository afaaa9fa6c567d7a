import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { backtest } from '@moola/standalone/backtest-command';
import { moola } from '../testing/moola.js';
import { JobSimulation, reportEveryMs, type SimulatedJob } from './simulated-job.js';

const sound: SimulatedJob = {
  ...{ model: 'churn', job: 'fit-1', seed: 1 },
  ...{ stalls: false, leaks: false, failsCheckpoints: false, isLong: false },
};
const nowMs = Date.UTC(2026, 0, 5, 12);

describe('a simulated training job', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moola-job-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** The default rules that fire on its past and the minutes after, by the tracker's own code. */
  async function firing(job: SimulatedJob): Promise<string[]> {
    const simulation = new JobSimulation(job, nowMs);
    const reports = [...simulation.history(), ...[1, 2].map((i) => simulation.report(nowMs + i * reportEveryMs))];
    const [log, definitions] = [join(folder, 'log.ndjson'), join(folder, 'models.yaml')];
    writeFileSync(log, reports.map((report) => JSON.stringify(report)).join('\n'));
    writeFileSync(definitions, 'kind: Model\nname: churn\n');
    const words = ['backtest', '--log', log, '--definitions', definitions, '--json'];
    const { exitCode, stdout, stderr } = await moola(words, { operations: { backtest } });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const { transitions } = JSON.parse(stdout) as { transitions: { rule: string; to: string }[] };
    return transitions.filter(({ to }) => to === 'firing').map(({ rule }) => rule);
  }

  it.each([
    ['nothing is wrong with', {}, []],
    ['stalls', { stalls: true }, ['PretrainingStalled']],
    ['leaks memory', { leaks: true }, ['PretrainingOOM']],
    ['cannot save its checkpoints', { failsCheckpoints: true }, ['PretrainingCheckpointFailed']],
    ['takes too long', { isLong: true }, ['PretrainingLongDuration']],
  ])('that %s fires the rule that it should: %j', async (_, wrong, rules) => {
    expect(await firing({ ...sound, ...wrong })).toEqual(rules);
  });
});
