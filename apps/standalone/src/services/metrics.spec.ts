import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { withModelMetrics } from '@moola/console/model-metrics/metrics-page';
import { allMetrics } from './all-metrics.js';

/** Declared where a service is put together, not by what it is put together of. */
const others = ['moola_topic_problems'];

it('docs/metrics.md lists the metrics that there are, and no others', async () => {
  const docs = readFileSync(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8');
  expect(withModelMetrics(docs)).toBe(docs);
  const [own = ''] = docs.split('\n## The models\n');
  const listed = [...own.matchAll(/^\| `(moola_[a-z_]+)`/gm)].map(([, name]) => name);
  const declared = [...(await allMetrics()).matchAll(/^# TYPE (moola_[a-z_]+) /gm)].map(([, name]) => name);
  expect([...listed].sort()).toEqual([...declared, ...others].sort());
});
