import { programPath, runProgram } from './run-program.mjs';

/** kafkajs as it is: the bound of what any program on it can do. */
export function kafkajsBlocks({ brokers, filled }) {
  const block = (work, name) => ({
    reads: name,
    run: () => {
      const { topic, layout, events, messages } = filled[name];
      const options = { brokers, topic, events, messages, layout, work };
      return runProgram(process.execPath, [programPath('bare'), JSON.stringify(options)]);
    },
  });
  return {
    bare: block('count', 'events'),
    bareAgain: block('count', 'events'),
    decode: block('decode', 'events'),
    decodeBatches: block('decode', 'batches'),
  };
}
