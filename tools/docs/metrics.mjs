// Writes the table of the models' metrics into docs/metrics.md. Needs a build; a test says when the file is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { withModelMetrics } from '@moola/console/model-metrics/metrics-page';

const page = new URL('../../docs/metrics.md', import.meta.url);
writeFileSync(page, withModelMetrics(readFileSync(page, 'utf8')));
