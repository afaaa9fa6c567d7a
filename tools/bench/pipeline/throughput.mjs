import { kafkajsBlocks } from './blocks-kafkajs.mjs';
import { kafkaStreamsBlocks } from './blocks-kafka-streams.mjs';
import { stageBlocks } from './blocks-stages.mjs';
import { eventsABatch, partitions } from './fill.mjs';
import { fillTopics } from './filled-topics.mjs';
import { kafkaStreamsSettings } from './kafka-streams.mjs';
import { inTurns, times } from './rounds.mjs';

/** Ratios of events per CPU second, and what they should be at least. */
const goals = {
  sameToSame: ['bareAgain', 'bare'],
  sameWholeToSame: ['wholeAgain', 'whole'],
  decodeToBare: ['decode', 'bare'],
  receiveAnonymisedToBare: ['receiveAnonymised', 'bare', 0.25],
  joinToBare: ['join', 'bare', 0.5],
  trackerToBare: ['tracker', 'bare', 0.5],
  wholeToKafkaStreams: ['whole', 'kafkaStreams', 1],
  wholeToKafkaStreamsWarm: ['whole', 'kafkaStreamsWarm'],
  wholeWarmToKafkaStreamsWarm: ['wholeWarm', 'kafkaStreamsWarm', 1],
  wholeToKafkaStreamsBySeries: ['whole', 'kafkaStreamsBySeries'],
  wholeBatchesToKafkaStreams: ['wholeBatches', 'kafkaStreams', 3],
  wholeBatchesToKafkaStreamsBatches: ['wholeBatches', 'kafkaStreamsBatches'],
  manySeriesToFew: ['wholeManySeries', 'whole', 0.8],
};

/** Events per CPU second, of kafkajs alone, of each stage, of the whole, and of Kafka Streams. */
export async function measureThroughput({ servers, progress, events, rounds, blocks: asked }) {
  const filled = {};
  const context = { ...servers, filled, node: () => [] };
  const stages = stageBlocks(context);
  const all = { ...kafkajsBlocks(context), ...stages.blocks, ...kafkaStreamsBlocks(context) };
  const unknown = asked.filter((name) => !(name in all));
  if (unknown.length > 0) throw new Error(`--block ${unknown.join()}: there are ${Object.keys(all).join(', ')}`);
  const names = Object.keys(all).filter((name) => asked.length === 0 || asked.includes(name));
  const chosen = names.map((name) => all[name]);
  const reads = [...new Set(chosen.map((block) => block.reads))];
  Object.assign(filled, await fillTopics(servers.brokers, events, reads, progress));
  if (chosen.some(({ needs }) => needs === 'whole')) {
    progress('filling intake and observations');
    await stages.prepare();
  }
  const measured = await inTurns(Object.fromEntries(names.map((name) => [name, all[name].run])), rounds, progress);
  const compared = Object.entries(goals).filter(([, [a, b]]) => a in measured && b in measured);
  return {
    load: { events, partitions, eventsABatch, bytesAnEvent: Object.values(filled)[0].bytesAnEvent },
    kafkaStreamsSettings,
    ratios: Object.fromEntries(
      compared.map(([name, [a, b, goal]]) => [name, { ratio: times(measured, a, b), ...(goal ? { goal } : {}) }]),
    ),
    measured,
  };
}
