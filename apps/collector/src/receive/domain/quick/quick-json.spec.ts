import { create, toJson, type JsonObject, type JsonValue } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { EventSchema } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { SeededRandom } from '../../../join/story/random.js';
import { quickRange, quickSettings, receivedInGeneral, withoutHint } from '../../story/quick-reference.js';
import { isPlain, randomEvent, storyNowMs as nowMs } from '../../story/random-events.js';
import { eventOfJson } from '../event-json.js';
import { Receiver, type ReceivedEvent } from '../receiver.js';
import { QuickJson } from './quick-json.js';

/** What the generated reader and `receive` say: the meaning of what is read quickly. */
function reference(value: JsonValue): ReceivedEvent {
  const read = eventOfJson(value, 'ignored');
  if (!read.ok) {
    const id = (value as JsonObject | null)?.['id'];
    return { accepted: false, id: typeof id === 'string' ? id : '', refused: read.refused };
  }
  return receivedInGeneral(read.event);
}

const oddValues: readonly JsonValue[] = [
  ...[null, true, 0, -1, 1.5, 1e308, 'NaN', '1.5', '', 'ROLE_SHADOW', 'ROLE_NEWER', 3, [], {}, { a: 'b' }],
  ...['2026-03-01T11:59:59Z', '2026-03-01T11:59:59.5Z', '2026-03-01T12:59:59+01:00', '2026-02-30T00:00:00Z'],
  ...['2026-03-01T11:59:59.Z', '2026-03-01T11:59:59.1234567890Z', '2026-03-01 11:59:59Z', '1969-12-31T23:59:59.5Z'],
];
const keys = [
  'id',
  'model',
  'time',
  'knownAt',
  'known_at',
  'latencyMs',
  'latency_ms',
  'role',
  'segments',
  'newer',
  '__proto__',
];

/** With one field that has another value, another name, or is gone. */
function twisted(value: JsonObject, random: SeededRandom): JsonObject {
  const own = Object.keys(value);
  const key = random.chance(70) && own.length > 0 ? random.pick(own) : random.pick(keys);
  const inner = value[key];
  if (typeof inner === 'object' && inner !== null && !Array.isArray(inner) && random.chance(80)) {
    return { ...value, [key]: twisted(inner, random) };
  }
  const { [key]: _, ...others } = value;
  return random.chance(20) ? others : { ...others, [key]: random.pick(oddValues) };
}

describe('the quick reader of JSON', () => {
  it.each([
    ['plain events', 0, 0],
    ['events with much that is odd', 15, 0],
    ['values that were changed', 5, 100],
  ])('decides as the generated reader and receive do: %s', (_, odd, twists) => {
    const receiver = new Receiver({ ...quickSettings, unknownFields: 'ignored' });
    const random = new SeededRandom(odd + 1);
    for (let i = 0; i < 2500; i++) {
      const whole = toJson(EventSchema, create(EventSchema, randomEvent(random, odd))) as JsonObject;
      const text = JSON.stringify(random.chance(twists) ? twisted(whole, random) : whole);
      const [value, again] = [text, text].map((each) => JSON.parse(each) as JsonValue);
      const found = withoutHint(receiver.json(value, '', nowMs));
      expect({ i, text, found }).toEqual({ i, text, found: reference(again ?? null) });
    }
  });

  it('takes plain predictions and outcomes itself', () => {
    const quick = new QuickJson(quickSettings.replaceIdentifier);
    const random = new SeededRandom(3);
    let taken = 0;
    let common = 0;
    for (let i = 0; i < 1000; i++) {
      const event = create(EventSchema, randomEvent(random, 0));
      const value = toJson(EventSchema, event);
      const received = reference(value);
      if (!received.accepted || !isPlain(event)) continue;
      common++;
      if (quick.read(value, quickRange) !== null) taken++;
    }
    expect(common).toBeGreaterThan(500);
    expect(taken).toBe(common);
  });
});
