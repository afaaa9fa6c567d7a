import { appendFileSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { AlertState, type Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { topics } from '@moola/contracts/topics';
import { topicName } from '@moola/contracts/topic-name';
import { openEmbedded } from '@moola/streams/adapters/embedded/open-embedded';
import { NewRows } from '@moola/streams/task/new-rows';
import { dataPaths } from '../process/data-paths.js';
import type { FinalLine } from '../story/final-line.js';
import {
  backtest,
  dataFolder,
  example,
  expected,
  finalLineOf,
  minutes,
  play,
  removeDataFolders,
} from '../testing/play-example.js';
import type { BacktestReport } from './report.js';

afterAll(removeDataFolders);

/** The deployments that a run has made, as a releases file: what was planned, and its rollbacks. */
function releasesOf(folder: string, releases: string, { rollbacks }: FinalLine): string {
  const path = join(folder, 'releases.csv');
  copyFileSync(`${example}/releases/${releases}.csv`, path);
  for (const { servedAt, to } of [...rollbacks.mitigated, ...rollbacks.done, ...rollbacks.undone])
    appendFileSync(path, `${servedAt},${to},,primary,responder\n`);
  return path;
}

/** The alerts' transitions that a run has left in its data folder. */
async function transitionsIn(folder: string, environment: string): Promise<Snapshot[]> {
  const embedded = await openEmbedded({ folder: dataPaths(folder).store });
  try {
    const topic = topicName(environment, topics.snapshots);
    const alerts: Snapshot[] = [];
    for (let partition = 0; partition < (await embedded.log.partitionCount(topic)); partition++) {
      const rows = new NewRows(topics.snapshots.codec, {
        data: (snapshot) => void (snapshot.kind.case === 'alert' && alerts.push(snapshot)),
      });
      const { records } = await embedded.log.read({ topic, partition }, 0, Infinity);
      for (const { value } of records) rows.take(value);
    }
    return alerts;
  } finally {
    await embedded.close();
  }
}

describe('a backtest of the example', () => {
  it(
    'given the deployments that npm start made, gives exactly its transitions',
    async () => {
      const folder = dataFolder();
      const line = finalLineOf(await play(folder, [])) as FinalLine;
      const played = (await transitionsIn(folder, 'example')).flatMap(({ atMs, kind }) =>
        kind.case === 'alert' ? [{ ...kind.value, atMs }] : [],
      );
      const report = finalLineOf(
        await backtest('seed-1', releasesOf(folder, 'story', line), ['--json']),
      ) as BacktestReport;
      const iso = (timeMs: number) => new Date(timeMs).toISOString();
      expect(report.transitions).toEqual(
        played.map((alert) => ({
          ...{ at: iso(alert.atMs), model: 'SimpleLSTM', rule: alert.rule, version: alert.version },
          ...{ subject: null, segment: null },
          severity: Severity[alert.severity].toLowerCase(),
          ...{ from: AlertState[alert.from].toLowerCase(), to: AlertState[alert.to].toLowerCase() },
          ...{ since: iso(alert.sinceMs), reason: alert.reason, metric: alert.definition?.metric },
          windowSeconds: (alert.definition?.windowMs ?? NaN) / 1000,
          ...{ value: alert.figure?.value ?? null, samples: alert.figure?.samples ?? null },
          ...{ lower: alert.figure?.lower ?? null, upper: alert.figure?.upper ?? null },
          ...{ limit: alert.limit, baseline: alert.baseline ?? null },
        })),
      );
      expect(report.transitions.length).toBeGreaterThan(30);
    },
    5 * minutes,
  );

  it.each([
    ['story', 2],
    ['story', 3],
    ['never-shipped', 1],
    ['within-budget', 1],
  ])(
    'has the alerts that the oracle has: releases %s, seed %d',
    async (releases, seed) => {
      const oracle = expected(`${releases}-seed-${seed}`) as FinalLine;
      const path = releasesOf(dataFolder(), releases, oracle);
      const report = finalLineOf(await backtest(`seed-${seed}`, path, ['--json'])) as BacktestReport;
      const seconds = (iso: string | null | undefined) => iso?.replace('.000Z', 'Z') ?? null;
      const alerts = report.rules.map(({ rule }) => {
        const changes = report.transitions.filter((each) => each.rule === rule);
        const intervals = changes
          .filter(({ to }) => to === 'firing')
          .map(({ at, since, version }) => {
            const end = changes.find((each) => each.version === version && each.from === 'firing' && each.at > at);
            return {
              ...{ version, breach: seconds(since), firing: seconds(at) },
              ...{ resolved: seconds(end?.at), reason: end?.reason ?? null },
            };
          });
        const resolved = intervals.filter((each) => each.resolved !== null).length;
        return [rule, { fired: intervals.length, resolved, intervals }];
      });
      expect(Object.fromEntries(alerts)).toEqual(oracle.alerts);
      for (const { rule, fired } of report.rules) expect(fired).toBe(oracle.alerts[rule]?.fired);
      expect(report.counts).toMatchObject({
        predictions: oracle.predictions.ingested,
        labelled: oracle.outcomes.labelled,
      });
    },
    5 * minutes,
  );
});
