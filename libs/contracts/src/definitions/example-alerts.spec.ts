import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import type { Definition } from '../gen/moola/v1/definitions_pb.js';
import { parseDefinitions } from './parse-definitions.js';

function definitionsOf(name: string): readonly Definition[] {
  const file = `examples/alerts/${name}.yaml`;
  const parsed = parseDefinitions(readFileSync(new URL(`../../../../${file}`, import.meta.url), 'utf8'), file);
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.definitions;
}

it('ships rules with levels that hold for every model', () => {
  const rules = definitionsOf('levels').flatMap(({ name, kind }) =>
    kind.case === 'rule' ? [[name, kind.value.model, kind.value.levels.map(({ limit }) => limit)]] : [],
  );
  expect(rules).toEqual([
    ['LatencyRises', '', [50, 200, 1000]],
    ['PredictionsFail', '', []],
  ]);
});

it('ships the alerts with which SimpleLSTM was first watched as definitions that can be applied', () => {
  const rules = definitionsOf('simple-lstm').flatMap(({ name, kind }) =>
    kind.case === 'rule' ? [[name, kind.value.metric, kind.value.limit, kind.value.forMs / 60_000]] : [],
  );
  expect(rules).toEqual([
    ['SimpleLSTMAccuracyDrop', 'accuracy', 0.8, 5],
    ['SimpleLSTMLatencySpike', 'latency_p95', 50, 3],
    ['SimpleLSTMErrorRateHigh', 'error_rate', 0.05, 2],
    ['ModelDriftDetected', 'accuracy', -0.05, 5],
  ]);
});

it('ships rules that have an alert for each segment', () => {
  const rules = definitionsOf('segments').flatMap(({ name, kind }) =>
    kind.case === 'rule' ? [[name, kind.value.match?.segment?.key, kind.value.match?.segment?.mostAlerts]] : [],
  );
  expect(rules).toEqual([
    ['CountryAccuracy', 'country', 10],
    ['AccuracyEverywhere', undefined, undefined],
    ['CustomerErrors', 'customer', 20],
  ]);
});

it('ships rules on measurements that name them', () => {
  const rules = definitionsOf('measurements').flatMap(({ name, kind }) =>
    kind.case === 'rule' ? [[name, kind.value.metric, kind.value.limit, kind.value.match?.measurement]] : [],
  );
  expect(rules).toEqual([
    ['RevenueLow', 'measurement_sum', 500, ['revenue']],
    ['RatingsPoor', 'measurement_mean', 3.5, ['rating']],
    ['RevenueSilent', 'measurement_silent', 30, ['revenue']],
  ]);
});
