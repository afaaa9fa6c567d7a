import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { removeTopics } from './broker-topics.mjs';
import { programPath, runProgram } from './run-program.mjs';

/** Stages of the pipeline, each alone and all together, in a process. */
export function stageBlocks({ brokers, redisUrl, filled, node }) {
  const run = async (options) => {
    const { events, endMs } = Object.values(filled)[0];
    const given = { brokers, redisUrl, events, endMs, anonymised: false, ...options };
    return runProgram(process.execPath, [...node(options), programPath('stages'), JSON.stringify(given)]);
  };
  const inOwnEnvironment = async (options) => {
    const environment = `run-${randomBytes(4).toString('hex')}`;
    try {
      return await run({ environment, ...options });
    } finally {
      // Those of the passes before as well.
      await removeTopics(brokers, `moola.${environment}`);
      await flush(redisUrl);
    }
  };
  /** A stage alone reads what an earlier run has written, ticks among it, and writes none itself. */
  const alone = (stage, topic, options = {}) => ({
    reads: 'events',
    needs: 'whole',
    run: () => {
      const from = `moola.filled.${topic}.v1`;
      return inOwnEnvironment({ stages: [stage], filled: from, time: 'replay', ...options });
    },
  });
  const fromTelemetry = (name, stages, options = {}) => ({
    reads: name,
    run: () => inOwnEnvironment({ stages, filled: filled[name].topic, time: 'wall', ...options }),
  });
  const whole = ['receive', 'join', 'tracker'];
  return {
    /** Fills `intake` and `observations` for the stages that run alone. */
    prepare: async () => {
      const { environment, topic } = filled.events;
      await run({ environment, stages: whole, filled: topic, time: 'wall' });
      await flush(redisUrl);
    },
    blocks: {
      receive: fromTelemetry('events', ['receive']),
      receiveAnonymised: fromTelemetry('events', ['receive'], { anonymised: true }),
      receiveBatches: fromTelemetry('batches', ['receive']),
      join: alone('join', 'intake'),
      tracker: alone('tracker', 'observations'),
      whole: fromTelemetry('events', whole),
      /** Its engine has run all of it once before. */
      wholeWarm: fromTelemetry('events', whole, { passes: 2 }),
      wholeAgain: fromTelemetry('events', whole),
      wholeBatches: fromTelemetry('batches', whole),
      wholeManySeries: fromTelemetry('manySeries', whole),
    },
  };
}

async function flush(url) {
  const redis = new Redis(url);
  await redis.flushall();
  redis.disconnect();
}
