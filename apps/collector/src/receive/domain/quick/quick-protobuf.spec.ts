import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { EventSchema, Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { SeededRandom } from '../../../join/story/random.js';
import { quickRange, quickSettings, receivedInGeneral, withoutHint } from '../../story/quick-reference.js';
import { isPlain, randomEvent, storyNowMs as nowMs } from '../../story/random-events.js';
import { messageOf } from '../read-protobuf.js';
import { Receiver, type ReceivedEvent } from '../receiver.js';
import { QuickProtobuf } from './quick-protobuf.js';

/** What the generated reader and `receive` say: the meaning of what is read quickly. */
function reference(bytes: Uint8Array): ReceivedEvent {
  let event;
  try {
    event = fromBinary(EventSchema, bytes, { readUnknownFields: false });
  } catch (error) {
    const detail = `is no moola.v1.Event: ${messageOf(error)}`;
    return { accepted: false, id: '', refused: { reason: 'malformed', field: '', detail } };
  }
  return receivedInGeneral(event);
}

/** Bytes that a newer, an unusual, or a hostile producer may write. */
function twisted(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  const changed = Uint8Array.from(bytes);
  switch (random.below(6)) {
    case 0:
      return changed.subarray(0, random.below(bytes.length + 1));
    case 1: {
      for (let i = 0; i <= random.below(3); i++) changed[random.below(changed.length)] = random.below(256);
      return changed;
    }
    case 2:
      return Buffer.concat([unknownField(random), bytes, unknownField(random)]);
    case 3:
      // Fields that come twice: the last wins, messages are merged.
      return Buffer.concat([bytes, toBinary(EventSchema, create(EventSchema, randomEvent(random, 0)))]);
    case 4: {
      const at = random.below(bytes.length);
      return Buffer.concat([bytes.subarray(0, at), unknownField(random), bytes.subarray(at)]);
    }
    default: {
      const at = random.below(bytes.length);
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(4))]);
    }
  }
}

function unknownField(random: SeededRandom): Uint8Array {
  const number = [3, 7, 9, 16, 40, 2000][random.below(6)] as number;
  const writer = new BinaryWriter();
  switch (random.below(5)) {
    case 0:
      return writer
        .tag(number, WireType.Varint)
        .uint64(BigInt(random.below(1e9)) ** 2n)
        .finish();
    case 1:
      return writer.tag(number, WireType.Bit64).double(random.below(9)).finish();
    case 2:
      return writer.tag(number, WireType.Bit32).float(random.below(9)).finish();
    case 3:
      return writer
        .tag(number, WireType.StartGroup)
        .tag(1, WireType.Varint)
        .int32(5)
        .tag(number, WireType.EndGroup)
        .finish();
    default:
      return writer.tag(number, WireType.LengthDelimited).string('newer').finish();
  }
}

describe('the quick reader of protobuf', () => {
  it.each([
    ['plain events', 0, 0],
    ['events with much that is odd', 15, 0],
    ['bytes that were changed', 5, 100],
  ])('decides as the generated reader and receive do: %s', (_, odd, twists) => {
    const receiver = new Receiver({ ...quickSettings, unknownFields: 'ignored' });
    const random = new SeededRandom(odd + 1);
    for (let i = 0; i < 2500; i++) {
      const whole = toBinary(EventSchema, create(EventSchema, randomEvent(random, odd)));
      const bytes = random.below(100) < twists && whole.length > 0 ? twisted(whole, random) : whole;
      // At any place of a larger buffer.
      const start = random.below(3);
      const buffer = Buffer.concat([Buffer.alloc(start, 0x0a), bytes, Buffer.alloc(random.below(3), 0x0a)]);
      const found = withoutHint(receiver.protobuf(buffer, start, start + bytes.length, nowMs));
      expect({ i, bytes, found }).toEqual({ i, bytes, found: reference(bytes) });
    }
  });

  it('takes plain predictions and outcomes itself', () => {
    const quick = new QuickProtobuf(quickSettings.replaceIdentifier);
    const random = new SeededRandom(3);
    let taken = 0;
    let common = 0;
    for (let i = 0; i < 1000; i++) {
      const event = create(EventSchema, randomEvent(random, 0));
      const bytes = Buffer.from(toBinary(EventSchema, event));
      const received = reference(bytes);
      if (!received.accepted || !isPlain(event)) continue;
      common++;
      if (quick.read(bytes, 0, bytes.length, quickRange) !== null) taken++;
    }
    expect(common).toBeGreaterThan(500);
    expect(taken).toBe(common);
  });

  it('counts the fields that it does not know, as the generated reader does', () => {
    const random = new SeededRandom(4);
    const prediction = { model: 'm', version: 'v', role: Role.CANARY, input: 'i', time: timestampFromMs(nowMs) };
    const bytes = toBinary(EventSchema, create(EventSchema, { kind: { case: 'prediction', value: prediction } }));
    for (let i = 0; i < 200; i++) {
      const receiver = new Receiver({ ...quickSettings, unknownFields: 'ignored' });
      const newer = Buffer.concat([unknownField(random), bytes, unknownField(random)]);
      const read = fromBinary(EventSchema, newer);
      expect(receiver.protobuf(newer, 0, newer.length, nowMs)).toMatchObject({ accepted: true });
      expect(receiver.unknownFields).toBe(read.$unknown?.length);
    }
  });
});
