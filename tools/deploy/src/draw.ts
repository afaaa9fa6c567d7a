import { drawBoards } from './drawing/draw-boards.js';
import { PrometheusApi } from './testing/prometheus.js';

/** `node tools/deploy/dist/draw.js <Prometheus> <folder> [seconds back] [model] [window]`: pictures of the dashboards, without Grafana. */
const [url, folder, seconds = '600', model = 'SimpleLSTM', window = '30m'] = process.argv.slice(2);
if (url === undefined || folder === undefined) {
  console.error(
    'Usage: node tools/deploy/dist/draw.js <address of Prometheus> <folder> [seconds back] [model] [window]',
  );
  process.exit(2);
}
const to = Math.floor(Date.now() / 1000);
const span = { from: to - Number(seconds), to, step: Math.max(1, Math.round(Number(seconds) / 400)) };
const values = { environment: '.*', model, window };
for (const file of await drawBoards(new PrometheusApi(url), values, span, folder)) console.log(file);
