import type { Topic } from '@moola/contracts/topic';

/** A topic of strings, for tests: each row a line of JSON. */
export function textTopic(name: string): Topic<string> {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  return {
    name,
    codec: {
      encode: (rows) => encoder.encode(rows.map((row) => JSON.stringify(row)).join('\n')),
      decode: (bytes) =>
        decoder
          .decode(bytes)
          .split('\n')
          .map((line) => JSON.parse(line) as string),
    },
  };
}
