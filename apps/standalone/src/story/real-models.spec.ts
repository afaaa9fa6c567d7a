import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { BreakdownView } from '@moola/console/read-model/breakdown-views';
import type { IncidentSummaryView } from '@moola/console/read-model/incident-views';
import type { EnvironmentView } from '@moola/console/read-model/environment-views';
import type { ModelView } from '@moola/console/read-model/views';
import { MoolaProcess } from '@moola/console/testing/moola-process';
import { eventually } from '@moola/streams/testing/eventually';
import { temporaryFolder } from '@moola/streams/adapters/embedded/temporary-folder';

interface Expected {
  readonly model: string;
  readonly until: string;
  readonly windowMs: number;
  readonly versions: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const limitMs = 180_000;

/** Replays an example of a real model, and gives what the API says at its end. */
async function replayed(example: string): Promise<{
  model: ModelView;
  incidents: IncidentSummaryView[];
  breakdowns: BreakdownView[];
  expected: Expected;
}> {
  const files = `examples/${example}`;
  const expected = JSON.parse(readFileSync(`${files}/expected.json`, 'utf8')) as Expected;
  const folder = await temporaryFolder();
  const options = ['--log', `${files}/log.csv.gz`, '--definitions', `${files}/definitions.yaml`];
  const moola = await MoolaProcess.up([
    ...['--example', '--headless', '--data', folder.path, '--port', '0', '--speed', 'max'],
    ...[...options, '--releases', `${files}/releases.csv`],
  ]);
  try {
    const environment = `${moola.url}/api/v1/environments/example`;
    const read = async <T>(path: string): Promise<T> => (await (await fetch(`${environment}${path}`)).json()) as T;
    // What the API says may be a little behind the replay: the last window of every version has its labels.
    const isThere = (model: ModelView): boolean =>
      Object.entries(expected.versions).every(
        ([version, { labels }]) => figuresOf(model, version, expected.windowMs)['labels'] === labels,
      );
    await eventually(
      'the replay is over',
      async () =>
        (await read<EnvironmentView>('')).replay?.finished === true &&
        isThere(await read<ModelView>(`/models/${example}`)) &&
        (await read<BreakdownView[]>(`/models/${example}/breakdown`)).every(
          ({ atMs, residuals }) => residuals === null || atMs === Date.parse(expected.until),
        ),
    );
    const model = await read<ModelView>(`/models/${example}`);
    const breakdowns = await read<BreakdownView[]>(`/models/${example}/breakdown`);
    return { model, incidents: await read<IncidentSummaryView[]>('/incidents'), breakdowns, expected };
  } finally {
    await moola.kill();
    await folder.remove();
  }
}

function figuresOf(model: ModelView, version: string, windowMs: number): Record<string, number | null> {
  const windows = model.versions.find((each) => each.version === version)?.windows ?? {};
  return Object.fromEntries((windows[windowMs] ?? []).map(({ metric, value }) => [metric, value]));
}

describe('a real model', () => {
  it.each([
    ['digits', 'multiclass', ['digits~budget.accuracy~1', 'digits~budget.macro_f1~1']],
    ['diabetes', 'regression', ['diabetes~DiabetesAnswersTooLow~1', 'diabetes~budget.mae~1', 'diabetes~budget.r2~1']],
  ])(
    'of %s, a %s, has the figures of scikit-learn, and incidents after its bad release',
    async (example, task, incidentIds) => {
      const { model, incidents, breakdowns, expected } = await replayed(example);
      expect(model.task).toBe(task);
      for (const [version, figures] of Object.entries(expected.versions)) {
        const found = figuresOf(model, version, expected.windowMs);
        for (const [metric, value] of Object.entries(figures)) {
          const error = Math.abs((found[metric] ?? Infinity) - value) / Math.abs(value);
          expect([version, metric, found[metric], error < 1e-9]).toEqual([version, metric, found[metric], true]);
        }
      }
      for (const { version, residuals } of task === 'regression' ? breakdowns : []) {
        const { labels = 0, bias = 0 } = expected.versions[version] ?? {};
        const inBars = residuals?.bars.reduce((sum, { count }) => sum + count, 0) ?? 0;
        expect([version, inBars + (residuals?.below ?? 0) + (residuals?.above ?? 0)]).toEqual([version, labels]);
        expect(residuals?.bias).toBeCloseTo(bias, 9);
      }
      for (const id of incidentIds) expect(incidents.map((each) => each.id)).toContain(id);
    },
    2 * limitMs,
  );
});
