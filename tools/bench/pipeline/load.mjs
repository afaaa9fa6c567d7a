import { create, toBinary } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { EventSchema, Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';

const versionsAModel = 2;
/** In event time. */
const eventsAMs = 10;

/**
 * Predictions, the same at every run but for the day on which they begin: `series` pairs of model and version, in an
 * order like that of chance. They lie in one buffer, one after the other.
 */
export class Load {
  #bytes;
  #ends;
  #series;

  /** @param endMs the time of the last event */
  constructor(events, series, endMs) {
    Object.assign(this, { events, series, endMs });
    this.#bytes = Buffer.allocUnsafe(events * 160);
    this.#ends = new Uint32Array(events);
    this.#series = new Uint32Array(events);
    const random = seeded(1);
    let end = 0;
    for (let i = 0; i < events; i++) {
      const of = Math.floor(random() * series);
      const bytes = encodedEvent(i, of, endMs - Math.floor((events - 1 - i) / eventsAMs), random);
      if (end + bytes.length > this.#bytes.length) throw new RangeError(`event ${i} is larger than was planned`);
      this.#bytes.set(bytes, end);
      this.#ends[i] = end += bytes.length;
      this.#series[i] = of;
    }
    this.bytes = end;
  }

  /** The bytes of one event. */
  event(i) {
    return this.#bytes.subarray(i === 0 ? 0 : this.#ends[i - 1], this.#ends[i]);
  }

  /** Of which series an event is, as a key. */
  seriesOf(i) {
    return String(this.#series[i]);
  }

  /** An EventBatch of the events from `from` on. */
  batch(from, count) {
    const parts = [];
    for (let i = from; i < Math.min(this.events, from + count); i++) {
      const bytes = this.event(i);
      if (bytes.length < 128) parts.push(Buffer.of(0x0a, bytes.length), bytes);
      else parts.push(Buffer.of(0x0a, (bytes.length & 0x7f) | 0x80, bytes.length >> 7), bytes);
    }
    return Buffer.concat(parts);
  }
}

/** The i-th event, of the `of`-th series. */
export function encodedEvent(i, of, timeMs, random) {
  const second = of % versionsAModel;
  const answer = random();
  return encodedPrediction({
    model: `fraud-${String(Math.floor(of / versionsAModel)).padStart(6, '0')}`,
    version: second ? 'v2' : 'v1',
    role: second ? Role.SHADOW : Role.PRIMARY,
    index: i,
    timeMs,
    answer,
    latencyMs: Math.exp(2 + random()),
  });
}

/** As a producer would send it; `index` makes it one of its own. */
export function encodedPrediction({
  model,
  version = 'v1',
  role = Role.PRIMARY,
  index,
  timeMs,
  answer = 0.5,
  latencyMs,
}) {
  const value = {
    ...{ model, version, role, latencyMs },
    input: `transaction-${index}`,
    time: timestampFromMs(timeMs),
    class: answer < 0.1 ? '1' : '0',
    score: answer,
    costUsd: 0.0004,
  };
  const id = (0x10_0000_0000 + index).toString(16);
  const message = create(EventSchema, { id, source: 'fraud-service-eu', kind: { case: 'prediction', value } });
  // kafkajs miscounts the bytes of any other array.
  return Buffer.from(toBinary(EventSchema, message));
}

/** Numbers in [0, 1), the same at every run. */
function seeded(seed) {
  return () => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}
