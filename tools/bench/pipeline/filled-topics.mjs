import { fill, layouts } from './fill.mjs';
import { Load } from './load.mjs';

const few = 1000;
const many = 100_000;

/** What the topics of telemetry are filled with before anything is measured. */
const plans = {
  events: { environment: 'filled', layout: 'events', series: few },
  batches: { environment: 'filled-batches', layout: 'batches', series: few },
  bySeries: { environment: 'filled-by-series', layout: 'bySeries', series: few },
  manySeries: { environment: 'filled-many', layout: 'events', series: many },
};

/** Fills the topics asked for. @returns by name: what they hold, and where */
export async function fillTopics(brokers, events, names, progress) {
  const endMs = Date.now();
  const filled = {};
  for (const series of [few, many]) {
    const of = names.filter((name) => plans[name].series === series);
    if (of.length === 0) continue;
    progress(`making ${events} predictions of ${series} series`);
    const load = new Load(events, series, endMs);
    for (const name of of) {
      const { environment, layout } = plans[name];
      const topic = `moola.${environment}.telemetry.v1`;
      progress(`filling ${topic}`);
      const laid = layouts[layout](load);
      await fill(brokers, topic, laid);
      const bytesAnEvent = Math.round((load.bytes / events) * 10) / 10;
      filled[name] = { environment, topic, layout, series, events, messages: laid.count, endMs, bytesAnEvent };
    }
  }
  return filled;
}
