import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { eventBytes, EventView, plainOutcomeOf } from './event-codec.js';
import { EventSchema } from './gen/moola/v1/telemetry_pb.js';

const readEvent = (bytes: Uint8Array) => new EventView(bytes).event;

const outcome = (value: object): MessageInitShape<typeof EventSchema> => ({
  id: 'ü-1',
  source: 's'.repeat(300),
  kind: { case: 'outcome', value },
});

const events: readonly [string, MessageInitShape<typeof EventSchema>][] = [
  ['an outcome', outcome({ model: 'm', input: 'größe', truth: '1', knownAt: { seconds: 1_700_000_000n, nanos: 5 } })],
  ['an outcome with a value', outcome({ model: 'm', input: 'i', value: -0, revision: 4_294_967_295 })],
  ['an outcome at the epoch', outcome({ knownAt: {} })],
  ['an outcome before the epoch', outcome({ knownAt: { seconds: -5n, nanos: 999_999_999 } })],
  ['an outcome in the far future', outcome({ knownAt: { seconds: 9_007_199_254_740_993n } })],
  ['an outcome with its prediction', outcome({ model: 'm', input: 'i', prediction: { model: 'm', version: 'v' } })],
  [
    'an outcome with time and prediction',
    outcome({ model: 'm', input: 'i', knownAt: { seconds: 7n }, prediction: { model: 'm', version: 'v' } }),
  ],
  ['an empty outcome', outcome({})],
  ['a deployment', { id: 'd', kind: { case: 'deployment', value: { model: 'm', weight: 0.5 } } }],
  ['an event of no kind', { id: 'e' }],
  ['an empty event', {}],
];

describe('eventBytes', () => {
  it.each(events)('writes %s as the general way does', (_, fields) => {
    const event = create(EventSchema, fields);
    expect(Buffer.from(eventBytes({ kind: 'event', event }))).toEqual(Buffer.from(toBinary(EventSchema, event)));
  });
});

describe('an outcome without its event', () => {
  it.each(events)('is had of %s only where it says the same', (_, fields) => {
    const event = create(EventSchema, fields);
    const bytes = toBinary(EventSchema, event);
    const view = new EventView(bytes);
    const outcome = plainOutcomeOf(view);
    expect(view.event).toEqual(event);
    if (outcome === null) return;
    expect(outcome.event).toEqual(event);
    expect(Buffer.from(eventBytes(outcome))).toEqual(Buffer.from(bytes));
    const other = outcome.with('other', 'another');
    expect(other.event).toEqual({
      ...event,
      id: 'other',
      kind: { ...event.kind, value: { ...event.kind.value, input: 'another' } },
    });
  });

  it('is had of nearly all that are sent', () => {
    const plain = (fields: MessageInitShape<typeof EventSchema>) =>
      plainOutcomeOf(new EventView(toBinary(EventSchema, create(EventSchema, fields))));
    const knownAt = { seconds: 1_700_000_000n, nanos: 999_999_999 };
    const sent = plain(outcome({ model: 'm', input: 'i', truth: '1', knownAt }));
    expect(sent).toMatchObject({ model: 'm', input: 'i', truth: '1', knownMs: 1_700_000_000_999, revision: 0 });
    expect(plain(outcome({ model: 'm', input: 'i', truth: '1' }))).toBeNull();
    expect(plain(outcome({ model: 'm', input: 'i', knownAt, prediction: { model: 'm' } }))).toBeNull();
    expect(plain({ id: 'd', kind: { case: 'deployment', value: { model: 'm' } } })).toBeNull();
  });

  it('is not had where its id follows it', () => {
    const first = toBinary(
      EventSchema,
      create(EventSchema, { ...outcome({ model: 'm', knownAt: {} }), id: '', source: '' }),
    );
    const bytes = Buffer.concat([first, toBinary(EventSchema, create(EventSchema, { id: 'late' }))]);
    expect(plainOutcomeOf(new EventView(bytes))).toBeNull();
    expect(readEvent(bytes)).toEqual(fromBinary(EventSchema, bytes));
  });
});

describe('EventView', () => {
  it.each(events)('reads %s as the general way does', (_, fields) => {
    const bytes = toBinary(EventSchema, create(EventSchema, fields));
    expect(readEvent(bytes)).toEqual(fromBinary(EventSchema, bytes));
  });

  it('keeps fields of a later version', () => {
    const bytes = Buffer.concat([
      toBinary(EventSchema, create(EventSchema, outcome({ model: 'm' }))),
      // Field 900, which no version has.
      Buffer.of(0xa0, 0x38, 1),
    ]);
    expect(readEvent(bytes).$unknown).toHaveLength(1);
  });

  it('refuses an event that is cut off', () => {
    const bytes = toBinary(EventSchema, create(EventSchema, outcome({ model: 'm', input: 'input' })));
    expect(() => readEvent(bytes.subarray(0, bytes.length - 2))).toThrow();
  });
});
