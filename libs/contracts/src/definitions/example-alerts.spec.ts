import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { parseDefinitions } from './parse-definitions.js';

it('ships the alerts with which SimpleLSTM was first watched as definitions that can be applied', () => {
  const file = 'examples/alerts/simple-lstm.yaml';
  const parsed = parseDefinitions(readFileSync(new URL(`../../../../${file}`, import.meta.url), 'utf8'), file);
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  const rules = parsed.definitions.flatMap(({ name, kind }) =>
    kind.case === 'rule' ? [[name, kind.value.metric, kind.value.limit, kind.value.forMs / 60_000]] : [],
  );
  expect(rules).toEqual([
    ['SimpleLSTMAccuracyDrop', 'accuracy', 0.8, 5],
    ['SimpleLSTMLatencySpike', 'latency_p95', 50, 3],
    ['SimpleLSTMErrorRateHigh', 'error_rate', 0.05, 2],
    ['ModelDriftDetected', 'accuracy', -0.05, 5],
  ]);
});
